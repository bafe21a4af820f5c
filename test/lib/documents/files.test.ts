import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PATTERNS } from "../../../lib/documents/document.ts";
import { documents } from "../../../lib/documents/index.ts";
import { nginxProgram } from "../../../sandbox/engines/host/index.ts";
import { until } from "../../../scenarios/until.ts";
import { installNginx } from "../../sandbox/nginx.ts";
import { type DocumentBench, documentBench } from "./bench.ts";

const sha = (text: string) => createHash("sha256").update(text).digest("hex");
const OLD = "COLOUR=green\n";
const BAD = "COLOUR=red\n";
const FILE = "/opt/api/.env";
let bench: DocumentBench;
let token: string;
let tokens = 0;

const replacement = (path: string, from: string, before: string, after: string) =>
  [path, from, sha(before), sha(after)].join(":");
const apply = (replacements: string, more: Record<string, string> = {}) =>
  bench.run("files-write", {
    ...{
      replacements,
      token,
      direction: "apply",
      test: "none",
      activate: "restart",
      unit: "api",
      folder: "/opt/api",
    },
    ...more,
  });
const undo = (replacements: string, more: Record<string, string> = {}) =>
  apply(replacements, { direction: "undo", ...more });
const starts = () =>
  (existsSync(join(bench.host.folder, "opt/api/starts")) ? bench.read("opt/api/starts") : "").length;
const kept = () => `${FILE}.watchdog-${token}`;

beforeAll(async () => {
  bench = await documentBench();
  mkdirSync(join(bench.host.folder, "opt/api"));
  bench.write(
    "etc/systemd/system/api.service",
    "[Service]\nWorkingDirectory=/opt/api\nEnvironmentFile=/opt/api/.env\nExecStart=sh -c 'printf x >> starts; exec sleep 1000'\n",
  );
});
beforeEach(() => {
  tokens += 1;
  token = String(tokens).padStart(10, "0");
  bench.write(FILE, BAD, 0o600);
  bench.write(`${FILE}.backup`, OLD);
});
afterAll(() => bench.test.close());

const there = () => replacement(FILE, `${FILE}.backup`, BAD, OLD);
const back = () => replacement(FILE, kept(), OLD, BAD);

describe("reading files", () => {
  it("tells their SHA-256 and whether their service is up, and nothing of what is in them", async () => {
    const { code, output } = await bench.run("files-read", {
      pairs: `${FILE}:${FILE}.backup ${FILE}:/opt/none`,
      unit: "api",
    });

    expect(code).toBe(0);
    expect(output.split("\n").slice(0, 4)).toEqual([
      `file ${FILE} ${sha(BAD)}`,
      `file ${FILE}.backup ${sha(OLD)}`,
      `file ${FILE} ${sha(BAD)}`,
      "file /opt/none missing",
    ]);
    expect(output).toMatch(/^unit (in)?active$/m);
    expect(output).not.toContain("red");
  });
});

describe("replacing files", () => {
  it("puts the copy in place with the file's own mode, keeps what was there, and brings the service up", async () => {
    const before = starts();

    const { code } = await apply(there());

    expect(code).toBe(0);
    expect(bench.read(FILE)).toBe(OLD);
    expect(statSync(join(bench.host.folder, FILE)).mode & 0o777).toBe(0o600);
    expect(bench.read(kept())).toBe(BAD);
    expect(starts()).toBe(before + 1);
  });

  it("twice under the same token has one effect", async () => {
    await apply(there());
    const before = { starts: starts(), files: readdirSync(join(bench.host.folder, "opt/api")) };

    expect(await apply(there())).toMatchObject({ code: 0 });

    expect({ starts: starts(), files: readdirSync(join(bench.host.folder, "opt/api")) }).toEqual(before);
  });

  it("goes on where it was broken off: between the copy and the service", async () => {
    bench.write(kept(), BAD);
    bench.write(FILE, OLD);
    const before = starts();

    expect(await apply(there())).toMatchObject({ code: 0 });

    expect(starts()).toBe(before + 1);
    expect(bench.read(kept())).toBe(BAD);
  });

  it.each([
    ["the file", () => bench.write(FILE, "COLOUR=blue\n"), FILE],
    ["the copy", () => bench.write(`${FILE}.backup`, "COLOUR=blue\n"), `${FILE}.backup`],
  ])("changes nothing when somebody changed %s", async (_, disturb, path) => {
    disturb();
    const before = { file: bench.read(FILE), starts: starts() };

    const found = await apply(there());

    expect(found).toMatchObject({ code: 3, output: expect.stringContaining(`changed ${path} `) });
    expect({ file: bench.read(FILE), starts: starts() }).toEqual(before);
  });

  it("says that a service did not come up, and leaves the way back", async () => {
    bench.write("etc/systemd/system/broken.service", "[Service]\nExecStart=false\n");

    const found = await apply(there(), { unit: "broken" });

    expect(found).toMatchObject({ code: 5, output: expect.stringContaining("broken did not come up") });
    expect(await undo(back(), { activate: "none", unit: "-" })).toMatchObject({ code: 0 });
    expect(bench.read(FILE)).toBe(BAD);
  }, 20_000);
});

describe("undoing it", () => {
  it("puts back what was there, and keeps the other too; twice is harmless", async () => {
    await apply(there());

    expect(await undo(back())).toMatchObject({ code: 0 });
    const before = starts();
    expect(await undo(back())).toMatchObject({ code: 0 });

    expect(bench.read(FILE)).toBe(BAD);
    expect(bench.read(`${kept()}-undone`)).toBe(OLD);
    expect(starts()).toBe(before);
  });

  it("of what was never begun does nothing", async () => {
    const before = starts();

    expect(await undo(back())).toMatchObject({ code: 0, output: "nothing was begun\n" });

    expect(bench.read(FILE)).toBe(BAD);
    expect(starts()).toBe(before);
  });

  it("overwrites nothing that somebody changed since", async () => {
    await apply(there());
    bench.write(FILE, "COLOUR=blue\n");

    expect(await undo(back())).toMatchObject({ code: 3 });

    expect(bench.read(FILE)).toBe("COLOUR=blue\n");
  });
});

const nginx = nginxProgram();
if (!nginx) console.warn("SKIPPED: nginx is not installed, so nginx -t before a reload is not shown");

describe.skipIf(!nginx)("nginx's files", () => {
  const SITE = "/etc/nginx/sites-enabled/api.conf";
  const site = (text: string) => `server { listen ${bench.host.address}:20080; ${text} }\n`;
  const answer = async () => (await fetch(`http://${bench.host.address}:20080/`)).text();
  const nginxApply = (replacements: string, more: Record<string, string> = {}) =>
    apply(replacements, { test: "nginx", activate: "reload-or-restart", unit: "nginx", ...more });

  beforeAll(async () => {
    installNginx(bench.host);
    bench.write(SITE, site("location / { return 200 one; }"));
    expect((await bench.host.init.systemctl(["start", "nginx"])).code).toBe(0);
    await until("nginx to answer", async () => (await answer()) === "one");
  });

  it("are loaded when nginx -t has passed", async () => {
    const [bad, good] = [bench.read(SITE), site("location / { return 200 two; }")];
    bench.write(`${SITE}.backup`, good);

    expect(await nginxApply(replacement(SITE, `${SITE}.backup`, bad, good))).toMatchObject({ code: 0 });

    await until("the copy to be served", async () => (await answer()) === "two");
  });

  it("are all put back when nginx -t refuses one of them, and nginx goes on as it was", async () => {
    const [now, broken] = [bench.read(SITE), site("lisen 80;")];
    bench.write(`${SITE}.backup`, broken);

    const found = await nginxApply(`${there()} ${replacement(SITE, `${SITE}.backup`, now, broken)}`);

    expect(found).toMatchObject({ code: 4, error: expect.stringContaining('unknown directive "lisen"') });
    expect(bench.read(SITE)).toBe(now);
    expect(bench.read(FILE)).toBe(BAD);
    expect(await answer()).toBe("two");
  });

  it("that were broken before come back with an undo, and are not loaded", async () => {
    const good = bench.read(SITE);
    const broken = site("lisen 80;");
    bench.write(`${SITE}.backup`, good);
    bench.write(SITE, broken);
    expect(await nginxApply(replacement(SITE, `${SITE}.backup`, broken, good))).toMatchObject({ code: 0 });

    const found = await nginxApply(replacement(SITE, `${SITE}.watchdog-${token}`, good, broken), {
      direction: "undo",
    });

    expect(found).toMatchObject({ code: 0, output: expect.stringContaining("was not loaded") });
    expect(bench.read(SITE)).toBe(broken);
    expect(await answer()).toBe("two");
    bench.write(SITE, good);
  });
});

describe("what may be said to a document", () => {
  const patterns = Object.values(documents).flatMap(({ name, parameters }) =>
    Object.entries(parameters).map(
      ([parameter, { allowedPattern }]) => [`${name} ${parameter}`, allowedPattern] as const,
    ),
  );

  it.each(patterns)("%s lets nothing through that a shell would read", (_, pattern) => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        if (new RegExp(pattern).test(text)) expect(text).toMatch(/^[A-Za-z0-9@:._/ -]+$/);
      }),
      { numRuns: 300 },
    );
    for (const bad of [
      "",
      "$(id)",
      "`id`",
      "a;b",
      "a'b",
      'a"b',
      "a\nb",
      "/a/../b",
      "../a",
      "/a/./b",
      "-rf",
      "--exec=x",
    ])
      expect(new RegExp(pattern).test(bad), bad).toBe(false);
  });

  it("are plain paths, dot files among them", () => {
    for (const path of ["/opt/api/.env", "/etc/nginx/sites-enabled/api.example.com.conf", "/a-b/c_d"])
      expect(path).toMatch(new RegExp(PATTERNS.path));
  });
});
