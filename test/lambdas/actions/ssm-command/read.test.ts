import { describe, expect, it } from "vitest";
import { commitChange, refOf } from "../../../../lambdas/actions/ssm-command/plan-code.ts";
import { entries, replacements } from "../../../../lambdas/actions/ssm-command/plan-files.ts";
import { imageChange } from "../../../../lambdas/actions/ssm-command/plan-image.ts";
import { ssmCommand } from "../../../../lambdas/actions/ssm-command/spec.ts";

const sha = (digit: string) => digit.repeat(64);
const commit = (digit: string) => digit.repeat(40);
const FILE = { path: "/etc/a.conf", from: "/etc/a.conf.backup", sha256: undefined };

describe("what a host says of its files", () => {
  it("becomes what is there and what will be", () => {
    const found = replacements(
      "i-1",
      [FILE],
      `file /etc/a.conf ${sha("a")}\nfile /etc/a.conf.backup ${sha("b")}\n`,
    );

    expect(found).toEqual([{ path: FILE.path, from: FILE.from, before: sha("a"), after: sha("b") }]);
    expect(entries(found, "apply", "0123456789")).toBe(
      `/etc/a.conf:/etc/a.conf.backup:${sha("a")}:${sha("b")}`,
    );
    expect(entries(found, "undo", "0123456789")).toBe(
      `/etc/a.conf:/etc/a.conf.watchdog-0123456789:${sha("b")}:${sha("a")}`,
    );
  });

  it.each([
    ["no file", `file /etc/a.conf missing\nfile /etc/a.conf.backup ${sha("b")}`, /no file \/etc\/a\.conf\./],
    [
      "no copy",
      `file /etc/a.conf ${sha("a")}\nfile /etc/a.conf.backup missing`,
      /no file \/etc\/a\.conf\.backup/,
    ],
    ["nothing of it", "", /did not say/],
  ])("with %s is refused", (_, output, words) => {
    expect(() => replacements("i-1", [FILE], output)).toThrow(words);
  });

  it("with another checksum than the plan's is refused, both named", () => {
    const output = `file /etc/a.conf ${sha("a")}\nfile /etc/a.conf.backup ${sha("b")}`;

    expect(() => replacements("i-1", [{ ...FILE, sha256: sha("c") }], output)).toThrow(
      new RegExp(`${sha("b")}, and the plan asks for ${sha("c")}`),
    );
  });
});

describe("what a host says of its code", () => {
  it("becomes the commits, and a branch that the document would not take is left out", () => {
    const output = (branch: string) =>
      `commit ${commit("a")}\nbranch ${branch}\nchanges 0\ntarget ${commit("b")}\n`;

    expect(commitChange("i-1", "/opt/a", "1.2", output("main"))).toEqual({
      before: commit("a"),
      after: commit("b"),
      branch: "main",
    });
    expect(commitChange("i-1", "/opt/a", "1.2", output("-weird$"))).toMatchObject({ branch: "-" });
  });

  it.each([
    ["no working copy", `commit missing\ntarget ${commit("b")}`, /no working copy/],
    ["no such version", `commit ${commit("a")}\ntarget missing`, /no commit, tag or branch 1\.2/],
  ])("with %s is refused", (_, output, words) => {
    expect(() => commitChange("i-1", "/opt/a", "1.2", output)).toThrow(words);
  });

  it("goes back to the last good version, and to none that nobody has watched", () => {
    expect(refOf("last-good", { lastGood: { version: "3.10.2", deployedAt: "2026-01-01T00:00:00Z" } })).toBe(
      "3.10.2",
    );
    expect(refOf("v1", {})).toBe("v1");
    expect(() => refOf("last-good", {})).toThrow(/No version is known to be good/);
  });
});

describe("what a host says of its images", () => {
  const names = { name: "proxy:latest", to: "proxy:previous" };

  it("becomes their ids; one that is not there is refused by its name", () => {
    expect(imageChange("i-1", names, `image sha256:${sha("a")}\ntarget sha256:${sha("b")}`)).toEqual({
      before: `sha256:${sha("a")}`,
      after: `sha256:${sha("b")}`,
    });
    expect(() => imageChange("i-1", names, `image sha256:${sha("a")}\ntarget missing`)).toThrow(
      /no image proxy:previous/,
    );
  });
});

describe("the input", () => {
  const hosts = ["i-0123456789abcdef0"];
  const code = { folder: "/opt/a", unit: "a" };

  it.each([
    ["nothing to put back", { hosts }],
    ["two things at once", { hosts, code, environment: { path: "/a", unit: "a" } }],
    ["a unit and a compose service", { hosts, code: { ...code, compose: { folder: "/a", service: "a" } } }],
    ["no service", { hosts, code: { folder: "/opt/a" } }],
    ["a path that climbs", { hosts, environment: { path: "/etc/../b", unit: "a" } }],
    ["a host's name", { hosts: ["web-1"], code }],
    ["a reference that is an option", { hosts, code: { ...code, to: "--exec=x" } }],
  ])("with %s is refused", (_, input) => {
    expect(ssmCommand.input.safeParse(input).success).toBe(false);
  });

  it("of one thing is taken", () => {
    expect(ssmCommand.input.safeParse({ hosts, code }).success).toBe(true);
  });
});
