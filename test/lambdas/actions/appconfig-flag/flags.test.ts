import { describe, expect, it } from "vitest";
import { changedFlags, type Wanted, withFlagOf } from "../../../../lambdas/actions/appconfig-flag/flags.ts";

const document = {
  version: "1",
  flags: {
    "retry-logic": {
      name: "Retry logic",
      attributes: {
        rolloutPercent: { constraints: { type: "number", minimum: 0, maximum: 100 } },
        disabledUsers: { constraints: { type: "array", elements: { type: "string", pattern: "^user" } } },
        mode: { constraints: { type: "string", enum: ["safe", "fast"] } },
      },
    },
    other: { name: "Other" },
  },
  values: {
    "retry-logic": { enabled: true, rolloutPercent: 50, disabledUsers: ["user1"], mode: "fast" },
    other: { enabled: true },
  },
};
const change = (wanted: Partial<Wanted>, from: object = document) =>
  changedFlags(JSON.stringify(from), { flag: "retry-logic", set: {}, add: {}, ...wanted });

describe("a changed feature flag", () => {
  it("is off when nothing else is asked for, and everything else stays", () => {
    const { content, lines } = change({});

    expect(lines).toEqual(["enabled true → false"]);
    expect(JSON.parse(content)).toEqual({
      ...document,
      values: { ...document.values, "retry-logic": { ...document.values["retry-logic"], enabled: false } },
    });
  });

  it("stays on for all but those that are added to a list, each once", () => {
    const { content } = change({ add: { disabledUsers: ["user2", "user1"] }, set: { rolloutPercent: 10 } });

    expect(JSON.parse(content).values["retry-logic"]).toEqual({
      enabled: true,
      rolloutPercent: 10,
      disabledUsers: ["user1", "user2"],
      mode: "fast",
    });
  });

  it("is no change when it is as wanted", () => {
    expect(change({ set: { rolloutPercent: 50 } }).lines).toEqual([]);
  });

  it("with variants is off in every one of them", () => {
    const variants = [
      { name: "a", enabled: true },
      { name: "b", enabled: false },
    ];
    const from = { ...document, values: { "retry-logic": { _variants: variants } } };

    expect(JSON.parse(change({}, from).content).values["retry-logic"]._variants).toEqual([
      { name: "a", enabled: false },
      { name: "b", enabled: false },
    ]);
    expect(() => change({ set: { rolloutPercent: 1 } }, from)).toThrow(/has variants/);
  });

  it.each([
    ["a flag that is not there", { flag: "retries" }, /no flag "retries" among retry-logic, other/],
    ["an attribute that is not there", { set: { percent: 10 } }, /"percent".*not one of its attributes/],
    ["a value above its limit", { set: { rolloutPercent: 140 } }, /must be 100 or less/],
    ["a value of another type", { set: { rolloutPercent: "10" } }, /must be a number/],
    ["a value outside its list", { set: { mode: "slow" } }, /must be one of safe, fast/],
    ["an element that does not match", { add: { disabledUsers: ["root"] } }, /must match \^user/],
    ["something added to what is no list", { add: { mode: ["slow"] } }, /is no list/],
  ])("is refused with %s, before anything is changed", (_, wanted, said) => {
    expect(() => change(wanted)).toThrow(said);
    expect(() => change(wanted)).toThrow(/Nothing was changed/);
  });

  it("goes back alone: what others changed meanwhile stays", () => {
    const off = { ...document, values: { "retry-logic": { enabled: false }, other: { enabled: false } } };

    const back = withFlagOf(JSON.stringify(off), JSON.stringify(document), "retry-logic");

    expect(JSON.parse(back).values).toEqual({
      "retry-logic": document.values["retry-logic"],
      other: { enabled: false },
    });
  });

  it("is refused where the configuration holds no flags", () => {
    expect(() => changedFlags("attempts: 3", { flag: "retry-logic", set: {}, add: {} })).toThrow(
      /holds no feature flags/,
    );
  });
});
