import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:https";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { certificateFor } from "../../../sandbox/engines/ca.ts";
import { functionPool } from "../../../sandbox/engines/functions/index.ts";
import { allocateHost, portOffset } from "../../../sandbox/engines/hosts.ts";
import { type LambdaWorld, lambdaWorld, until } from "../services/lambda/fixture.ts";

let here: LambdaWorld;
beforeAll(async () => {
  here = await lambdaWorld();
});
afterAll(() => here.stop());

describe("a function's process", () => {
  it("finds hosts by the sandbox's names, on their well-known ports, with the sandbox's authority where it asked for it", async () => {
    const host = await allocateHost(here.world, "api.lab.example.com", [443]);
    const { certPem, keyPem } = await certificateFor(here.world, ["api.lab.example.com"]);
    const server = createServer({ cert: certPem, key: keyPem }, (request, response) =>
      response.end(`hello ${request.headers.host}`),
    );
    await new Promise<void>((resolve) => server.listen(443 + portOffset, host.address, resolve));
    const source = `import { lookup } from "node:dns/promises";
      import { get } from "node:https";
      const plain = (url) => new Promise((done, fail) => get(url, (r) => { let text = ""; r.on("data", (d) => text += d); r.on("end", () => done(text)); }).on("error", (e) => done(e.code)));
      export const handler = async (event) => ({
        fetched: await fetch("https://api.lab.example.com/x").then((r) => r.text(), (e) => e.cause.code),
        got: await plain("https://api.lab.example.com/x"),
        address: (await lookup("api.lab.example.com")).address,
        absent: await lookup("nobody.example.org").catch((e) => e.code + " " + e.syscall),
        local: (await lookup("localhost")).address,
      });`;
    await here.create("trusting", source, {
      Environment: { Variables: { NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem" } },
    });
    await here.create("wary", source);

    const trusting = (await here.invoke("trusting")).payload;
    const wary = (await here.invoke("wary")).payload;
    server.close();
    server.closeAllConnections();

    expect(trusting).toEqual({
      fetched: "hello api.lab.example.com",
      got: "hello api.lab.example.com",
      address: host.address,
      absent: "ENOTFOUND getaddrinfo",
      local: "127.0.0.1",
    });
    expect(wary).toMatchObject({
      fetched: expect.stringMatching(/UNABLE_TO|SELF_SIGNED/),
      got: expect.stringMatching(/UNABLE_TO|SELF_SIGNED/),
      address: host.address,
    });
  });

  it("reaches a plain server on a port that is not well known, unshifted", async () => {
    const server = createHttpServer((_, response) => response.end("plain"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    await here.create(
      "plain",
      `export const handler = async (event) => (await fetch("http://127.0.0.1:" + event.port)).text();`,
    );

    const { payload } = await here.invoke("plain", { port });
    server.close();
    server.closeAllConnections();

    expect(payload).toBe("plain");
  });

  it("keeps time with the sandbox in every form of Date", async () => {
    await here.create(
      "clock",
      `export const handler = async () => ({
      now: Date.now(), made: new Date().getTime(), fixed: new Date(2020, 0, 2, 3).toISOString(), parsed: new Date("2020-01-01").getTime(),
      text: typeof Date(), utc: Date.UTC(2020, 0), is: new Date() instanceof Date, own: new (class extends Date {})().getTime(), tag: Object.prototype.toString.call(new Date()),
    });`,
    );

    const before = here.world.clock.now();
    const { payload } = await here.invoke("clock");
    const seen = payload as Record<string, number>;

    expect(payload).toMatchObject({
      fixed: "2020-01-02T03:00:00.000Z",
      parsed: 1577836800000,
      text: "string",
      utc: 1577836800000,
      is: true,
      tag: "[object Date]",
    });
    for (const at of [seen["now"]!, seen["made"]!, seen["own"]!]) {
      expect(at).toBeGreaterThanOrEqual(before - 1000);
      expect(at).toBeLessThanOrEqual(here.world.clock.now() + 1000);
    }
  });

  it("is one of a bounded number, the least recently used going first", async () => {
    const pool = functionPool(here.world);
    pool.kept = 4;
    const names = Array.from({ length: 8 }, (_, at) => `many-${at}`);
    await Promise.all(
      names.map((name) => here.create(name, `export const handler = async () => process.pid;`)),
    );

    for (const name of names) await here.invoke(name);
    const again = await Promise.all([here.invoke(names.at(-1)!), here.invoke(names.at(-1)!)]);

    expect(again).toHaveLength(2);
    await until(() => (pool.size <= pool.kept ? true : undefined));
  });

  it("ends with the process that starts them, and the next invocation has new ones", async () => {
    await here.create("orphan", `export const handler = async () => [process.pid, process.ppid];`);
    const [pid, starter] = (await here.invoke("orphan")).payload as [number, number];

    process.kill(starter, "SIGKILL");
    await until(() => (functionPool(here.world).size === 0 ? true : undefined));
    const [next, another] = (await here.invoke("orphan")).payload as [number, number];

    await until(() => (isAlive(pid) ? undefined : true));
    expect(next).not.toBe(pid);
    expect(another).not.toBe(starter);
  });
});

describe("when the sandbox ends", () => {
  it("stop leaves no process", async () => {
    const other = await lambdaWorld();
    await other.create("one", `export const handler = async () => process.pid;`);
    const pid = (await other.invoke("one")).payload as number;

    await other.stop();

    expect(functionPool(other.world).size).toBe(0);
    expect(isAlive(pid)).toBe(false);
  });

  it("a killed parent leaves no process", async () => {
    const fixture = fileURLToPath(new URL("../services/lambda/fixture.ts", import.meta.url));
    const script = `import { lambdaWorld } from ${JSON.stringify(fixture)};
      const here = await lambdaWorld();
      await here.create("one", "export const handler = async () => process.pid;");
      console.log("PID " + (await here.invoke("one")).payload + " " + here.world.root);
      await new Promise(() => setInterval(() => {}, 1000));`;
    const parent = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [pid, root] = await new Promise<[number, string]>((resolve) => {
      parent.stdout.on("data", (text: Buffer) => {
        const found = /PID (\d+) (.*)/.exec(text.toString());
        if (found) resolve([Number(found[1]), found[2]!]);
      });
    });
    expect(isAlive(pid)).toBe(true);

    parent.kill("SIGKILL");

    await until(() => (isAlive(pid) ? undefined : true));
    rmSync(root, { recursive: true, force: true });
  });
});

/** Whether a process runs; one that ended and was not collected yet does not. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = `/proc/${pid}/status`;
  return !(existsSync(status) && /^State:\s+Z/m.test(readFileSync(status, "utf8")));
}
