import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runScript } from "../../../sandbox/engines/host/agent.ts";
import { createHost, type ManagedHost, nginxProgram } from "../../../sandbox/engines/host/index.ts";
import { parseUnit } from "../../../sandbox/engines/host/unit.ts";
import { until } from "../../../scenarios/until.ts";
import { openWorld, type TestWorld } from "../front/harness.ts";
import { installNginx } from "../nginx.ts";

describe("a unit file", () => {
  it("is read with quotes, environment and what has no effect here", () => {
    expect(
      parseUnit(
        '# nginx\n[Unit]\nDescription=web\n[Service]\nExecStart=nginx -g "daemon off;"\nEnvironment=A=1 "B=two words"\nRestart=on-failure\n',
      ),
    ).toMatchObject({
      execStart: ["nginx", "-g", "daemon off;"],
      environment: { A: "1", B: "two words" },
      restart: true,
    });
  });

  it.each([["[Service]\nExecStart=x\nMemoryMax=1G\n"], ["[Service]\nType=simple\n"]])(
    "with a line that is not known, or nothing to start, is refused: %j",
    (text) => expect(() => parseUnit(text)).toThrow(/MemoryMax|no ExecStart/),
  );
});

const nginx = nginxProgram();
if (!nginx) console.warn("SKIPPED: nginx is not installed, so no host of the sandbox can run it");

describe.skipIf(!nginx)("real nginx on a host", () => {
  let test: TestWorld;
  let host: ManagedHost;
  const run = (...lines: string[]) =>
    runScript(test.world, host, {
      commandId: "test",
      lines,
      workingDirectory: "/",
      timeoutSeconds: 60,
      signal: new AbortController().signal,
    });
  const site = (answer: string) =>
    writeFileSync(
      join(host.folder, "etc/nginx/sites-enabled/site.conf"),
      `server { listen ${host.address}:20080; location / { return 200 "${answer}"; } }\n`,
    );
  const answer = async () => (await fetch(`http://${host.address}:20080/`)).text();

  beforeAll(async () => {
    test = await openWorld([]);
    host = await createHost(test.world, { instanceId: "i-0a", name: "web.internal", ports: [80] });
    installNginx(host);
  });
  afterAll(() => test.close());

  it("serves the host's own configuration on the host's own address, and takes a new one when it is reloaded", async () => {
    site("one");
    expect(await run("nginx -t && systemctl start nginx")).toMatchObject({ code: 0 });
    await until("nginx to answer", async () => (await answer()) === "one");

    site("two");
    expect(await run("systemctl reload nginx")).toMatchObject({ code: 0 });

    await until("the new configuration", async () => (await answer()) === "two");
  });

  it("refuses a broken configuration and goes on with the one it has", async () => {
    writeFileSync(join(host.folder, "etc/nginx/sites-enabled/site.conf"), "server { lisen 80; }\n");

    const tested = await run("nginx -t");
    const reloaded = await run("systemctl reload nginx");

    expect(tested).toMatchObject({ code: 1, stderr: expect.stringContaining('unknown directive "lisen"') });
    expect(reloaded.code).not.toBe(0);
    expect(await answer()).toBe("two");
  });

  it("is gone when the world stops", async () => {
    const pid = Number(readFileSync(join(host.folder, "run/nginx.pid"), "utf8"));
    expect(() => process.kill(pid, 0)).not.toThrow();

    await host.init.stop();

    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  });
});
