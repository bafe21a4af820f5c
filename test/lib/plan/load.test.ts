import { describe, expect, it } from "vitest";
import { loadPlan, loadPlanOrThrow, PlanError, planHash, problemText } from "../../../lib/plan/load.ts";
import { changed, GOOD, problemsOf, registries, told } from "./support.ts";

describe("a plan's file", () => {
  it("that is right has no problems, and defaults are filled in", () => {
    const { plan, problems } = loadPlan({ file: "shop.yaml", text: GOOD }, registries);

    expect(problems).toEqual([]);
    expect(plan).toMatchObject({
      onFailure: "revert",
      budget: { attempts: 2 },
      watch: { tolerate: 0, settle: "3m" },
    });
  });

  it("names the nearest known key for one that is not known", () => {
    expect(told(changed("    threshold:", "    treshold:"))).toEqual([
      '5:5 triggers[0].treshold: "treshold" is not known here → write "threshold"',
    ]);
  });

  it("tells all problems at once, in the file's order, each with its place", () => {
    const text = changed(
      "for: 2m",
      "for: 2 minutes",
      changed(
        "action: save-db",
        "action: save-bd",
        changed(
          "decision: rollback",
          "decision: rolback",
          changed("every: 1m", "every: 60", changed("minutes: 5", "minutes: five")),
        ),
      ),
    );

    expect(told(text)).toEqual([
      '6:5 triggers[0].for: "2 minutes" does not fit → write a number above zero and s, m, h or d, for example "30s" or "2m"',
      '8:5 triggers[0].decision: "rolback" is not allowed here → write "rollback"',
      '12:21 stages[0].steps[0].action: there is no action "save-bd" → write "save-db"',
      '18:72 stages[2].steps[0].with.minutes: "five" is text → write a number',
      '28:3 watch.every: 60 is a number → write a number above zero and s, m, h or d, for example "30s" or "2m"',
    ]);
  });

  it("is looked at as a whole although a key is given twice", () => {
    const text = changed(
      "    decision: rollback",
      "    decision: rollback\n    decision: rollback",
      changed("check: ask }\nwatch", "check: asc }\nwatch"),
    );

    expect(told(text)).toEqual([
      "9:5 this key is given twice → remove or rename one of the two",
      '26:19 verify[0].check: there is no check "asc" → write "ask"',
    ]);
  });

  it("with broken YAML gets the place where it breaks", () => {
    const [problem] = problemsOf(changed("for: 2m", "for: [2m"));

    expect(problem).toMatchObject({ line: 7, reason: expect.stringContaining("not valid YAML") });
  });

  it.each(["", "just words", "- a\n- b", "null"])(
    "that is no mapping (%j) is a problem, not a crash",
    (text) => {
      expect(problemsOf(text).length).toBeGreaterThan(0);
    },
  );

  it("that cannot be read is a problem too", () => {
    expect(loadPlan("does/not/exist.yaml", registries).problems).toMatchObject([
      { line: 1, reason: expect.stringContaining("cannot be read") },
    ]);
  });

  it("with a required value missing in a kind's input says so", () => {
    expect(
      told(
        changed(
          "with: { instance: shop-db } }\n  - name: fence",
          "with: { instnce: shop-db } }\n  - name: fence",
        ),
      ),
    ).toEqual([
      '12:38 stages[0].steps[0].with.instance: "instance" is missing → add it: text',
      '12:46 stages[0].steps[0].with.instnce: "instnce" is not known here → write "instance"',
    ]);
  });

  it("may hold an expression where the kind wants a number", () => {
    expect(
      problemsOf(changed('value: "{%', 'ttl: "{% $steps.`restored-db`.endpoint.port %}", value: "{%')),
    ).toEqual([]);
  });

  it("is thrown with all its problems by loadPlanOrThrow", () => {
    const text = changed("for: 2m", "for: soon", changed("every: 1m", "every: often"));
    const load = () => loadPlanOrThrow({ file: "shop.yaml", text }, registries);

    expect(load).toThrow(PlanError);
    expect(load).toThrow(/shop\.yaml:6:5 {2}.*\nshop\.yaml:28:3 {2}/);
  });

  it("is told in one line: file:line:column, reason, what to write instead", () => {
    expect(problemText(problemsOf(changed("for: 2m", "for: soon"))[0]!)).toMatch(
      /^shop\.yaml:6:5 {2}\S.* {2}write a number/,
    );
  });

  it("has a hash that follows its content, not its spelling", () => {
    const hash = (text: string) => planHash(loadPlanOrThrow({ file: "a", text }, registries));

    expect(hash(`# a comment\n${GOOD}`)).toBe(hash(GOOD));
    expect(hash(changed("> 10", "> 11"))).not.toBe(hash(GOOD));
  });
});
