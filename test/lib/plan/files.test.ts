import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadPlan } from "../../../lib/plan/load.ts";
import { changed, GOOD, registries, told } from "./support.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "watchdog-plan-files-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `line:column reason → instead` of a file with these bytes. */
function toldOf(bytes: string | Buffer): string[] {
  const file = join(folder, "shop.yaml");
  writeFileSync(file, bytes);
  return loadPlan(file, registries).problems.map(
    ({ line, column, reason, instead }) => `${line}:${column} ${reason} → ${instead}`,
  );
}

describe("a plan's file from another editor", () => {
  it("may have a byte order mark and Windows' ends of lines", () => {
    expect(toldOf(`\ufeff${GOOD}`)).toEqual([]);
    expect(toldOf(GOOD.replaceAll("\n", "\r\n"))).toEqual([]);
    expect(toldOf(`\ufeff${changed("save-db", "save-bd").replaceAll("\n", "\r\n")}`)).toEqual([
      '12:21 stages[0].steps[0].action: there is no action "save-bd" → write "save-db"',
    ]);
  });

  it("that is UTF-16, Latin-1 or no text says so, where it is wrong", () => {
    expect(toldOf(Buffer.from(`\ufeff${GOOD}`, "utf16le"))).toEqual([
      "1:1 the file is UTF-16 → save it as UTF-8",
    ]);
    expect(toldOf(Buffer.from(`# a e\n${GOOD}# in a café\n`, "latin1"))).toEqual([
      expect.stringMatching(/^35:11 the file is not UTF-8/),
    ]);
    expect(toldOf(`${GOOD}\u0000`)).toEqual([expect.stringContaining("the file is no text")]);
  });

  it("with a replacement character of its own is UTF-8 all the same", () => {
    expect(toldOf(`${GOOD}# \ufffd\n`)).toEqual([]);
    expect(toldOf(Buffer.concat([Buffer.from(`${GOOD}# \ufffd `), Buffer.from([0xe9])]))).toEqual([
      expect.stringMatching(/^34:5 /),
    ]);
  });

  it.each(["", "\n\n", "# a comment\n", "null\n"])("without anything in it says how to begin: %j", (text) => {
    expect(toldOf(text)).toEqual([
      expect.stringMatching(/^1:1 there is no plan in it → begin with `service/),
    ]);
  });

  it("that is indented with tabs is told once, and how often it is so", () => {
    expect(toldOf(GOOD.replaceAll("  ", "\t"))).toEqual([
      expect.stringMatching(
        /^3:1 this is not valid YAML: tabs are not allowed as indentation \(here and at \d+ more\) → indent with spaces/,
      ),
    ]);
  });

  it("with two plans says where the second begins", () => {
    expect(toldOf(`${GOOD}---\n${GOOD}`)).toEqual([
      "34:1 a second document begins here → write one plan a file, without `---`",
    ]);
  });
});

describe("a value of another type", () => {
  it("is answered with how it is written", () => {
    expect(
      told(
        changed("email: [a@shop.example]", "email: a@shop.example")
          .replace('host: "{%', 'expect: 12, host: "{%')
          .replace("minutes: 5", "minutes: 0"),
      ).map((line) => line.replace(/^\S+ /, "")),
    ).toEqual([
      "stages[2].steps[0].with.minutes: 0 does not fit → write at least 1",
      'stages[2].checks[0].with.expect: 12 is a number → write text, in quotes: "12"',
      'notify.email: "a@shop.example" is text → write a list: [a@shop.example]',
    ]);
  });

  it("in a list says what is missing in it", () => {
    expect(told(changed("email: [a@shop.example]", "email: [somebody]"))).toEqual([
      '33:11 notify.email[0]: "somebody" does not fit → write an e-mail address, for example oncall@example.com',
    ]);
    expect(told(changed("checks:\n    - { id: errors-gone, check: ask }", "checks: []"))).toEqual([
      "29:3 watch.checks: [] does not fit → write at least 1 entry",
    ]);
  });

  it("a key with a character that cannot be seen is named with it", () => {
    expect(told(changed("    for: 2m", "    \u00a0for: 2m"))[0]).toContain("it holds the character U+00A0");
  });
});
