import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type DocumentBench, documentBench } from "./bench.ts";

const FOLDER = "/opt/api";
let bench: DocumentBench;
let commits: { good: string; bad: string };
let token: string;
let tokens = 0;

const git = (...given: string[]) =>
  execFileSync(
    "git",
    ["-C", join(bench.host.folder, FOLDER), "-c", "user.name=t", "-c", "user.email=t@t", ...given],
    {
      encoding: "utf8",
    },
  ).trim();
const write = (direction: "apply" | "undo", more: Record<string, string> = {}) =>
  bench.run("code-write", {
    folder: FOLDER,
    before: direction === "apply" ? commits.bad : commits.good,
    after: direction === "apply" ? commits.good : commits.bad,
    branch: direction === "apply" ? "-" : "main",
    ...{ token, direction, install: "none", activate: "restart", unit: "api", ...more },
  });
const running = () => bench.read("opt/running");

beforeAll(async () => {
  bench = await documentBench();
  mkdirSync(join(bench.host.folder, FOLDER));
  bench.write(
    "etc/systemd/system/api.service",
    "[Service]\nWorkingDirectory=/opt/api\nExecStart=sh -c 'cat server > ../running; exec sleep 1000'\n",
  );
  git("init", "--quiet", "--initial-branch=main");
  const commit = (text: string, tag: string) => {
    bench.write("opt/api/server", text);
    git("add", ".");
    git("commit", "--quiet", "--message", text);
    git("tag", tag);
    return git("rev-parse", "HEAD");
  };
  commits = { good: commit("good", "v1.2.2"), bad: commit("bad", "v1.3.0") };
});
beforeEach(() => {
  tokens += 1;
  token = String(tokens).padStart(10, "0");
  git("checkout", "--quiet", "--force", "main");
});
afterAll(() => bench.test.close());

describe("reading a working copy", () => {
  it.each(["1.2.2", "v1.2.2"])("tells its commit and what %s means in it", async (ref) => {
    const { output } = await bench.run("code-read", { folder: FOLDER, ref, unit: "-" });

    expect(output.trim().split("\n")).toEqual([
      `commit ${commits.bad}`,
      "branch main",
      "changes 0",
      `target ${commits.good}`,
    ]);
  });

  it("says what is missing", async () => {
    const { output } = await bench.run("code-read", { folder: FOLDER, ref: "9.9.9", unit: "-" });

    expect(output).toContain("target missing");
  });
});

describe("putting a working copy back", () => {
  it("checks the commit out and restarts the service; an undo brings branch, commit and local changes back", async () => {
    bench.write("opt/api/server", "bad, changed by hand");

    expect(await write("apply")).toMatchObject({ code: 0 });
    const back = { head: git("rev-parse", "HEAD"), running: running() };
    expect(await write("undo")).toMatchObject({ code: 0 });

    expect(back).toEqual({ head: commits.good, running: "good" });
    expect(git("symbolic-ref", "--short", "HEAD")).toBe("main");
    expect(running()).toBe("bad, changed by hand");
    expect(git("stash", "list")).toContain(`watchdog-${token}`); // kept
  });

  it("twice under the same token has one effect", async () => {
    await write("apply");
    bench.write("opt/running", "untouched");

    expect(await write("apply")).toMatchObject({ code: 0 });

    expect(running()).toBe("untouched");
  });

  it("changes nothing when the working copy is at another commit by now", async () => {
    git("commit", "--quiet", "--allow-empty", "--message", "somebody else");
    const head = git("rev-parse", "HEAD");

    expect(await write("apply")).toMatchObject({ code: 3, output: expect.stringContaining(head) });

    expect(git("rev-parse", "HEAD")).toBe(head);
    git("reset", "--quiet", "--hard", commits.bad);
  });

  it("undone before it was begun does nothing", async () => {
    expect(await write("undo")).toMatchObject({ code: 0, output: "nothing was begun\n" });

    expect(git("rev-parse", "HEAD")).toBe(commits.bad);
  });
});
