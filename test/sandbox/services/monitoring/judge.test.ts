import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge, type Slot } from "../../../../sandbox/services/monitoring/judge.ts";

const MINUTE = 60_000;
const alarm = (m: number, n: number, TreatMissingData?: string): MetricAlarm => ({
  EvaluationPeriods: n,
  DatapointsToAlarm: m,
  Threshold: 10,
  ComparisonOperator: "GreaterThanThreshold",
  TreatMissingData,
});

/** `0 - X`, oldest first as AWS's tables have it: good, missing, breaching. */
function slots(text: string): Slot[] {
  return text
    .split(" ")
    .toReversed()
    .map((each, index) => {
      const at = -(index + 1) * MINUTE;
      return { at, point: each === "-" ? undefined : { at, value: each === "X" ? 20 : 5, sampleCount: 1 } };
    });
}
const stateOf = (m: number, text: string, treat?: string) => judge(alarm(m, 3, treat), slots(text))?.value;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html, both tables. */
describe("an alarm with missing data is in the state that AWS's own tables give", () => {
  it.each([
    [3, "0 - X - X", "OK", "OK", "OK", "OK"],
    [3, "- - - - 0", "OK", "OK", "OK", "OK"],
    [3, "- - - - -", "INSUFFICIENT_DATA", undefined, "ALARM", "OK"],
    [3, "0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
    [3, "- - X - -", "ALARM", undefined, "ALARM", "OK"],
    [2, "0 - X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
    [2, "0 0 X 0 X", "ALARM", "ALARM", "ALARM", "ALARM"],
    [2, "0 - X - -", "OK", "OK", "ALARM", "OK"],
    [2, "- - - - 0", "OK", "OK", "ALARM", "OK"],
    [2, "- - - X -", "ALARM", undefined, "ALARM", "OK"],
  ])("%i of 3: %s", (m, text, missing, ignore, breaching, notBreaching) => {
    expect(stateOf(m, text)).toBe(missing);
    expect(stateOf(m, text, "ignore")).toBe(ignore);
    expect(stateOf(m, text, "breaching")).toBe(breaching);
    expect(stateOf(m, text, "notBreaching")).toBe(notBreaching);
  });

  it.each(["- - - - X", "- - - X -"])("%s is too new for 3 of 3: the state stays", (text) => {
    expect(stateOf(3, text)).toBeUndefined();
  });
});

const anySlots = fc.array(fc.constantFrom("0", "X", "-"), { minLength: 8, maxLength: 12 });
const anyRule = fc
  .integer({ min: 1, max: 6 })
  .chain((n) => fc.tuple(fc.integer({ min: 1, max: n }), fc.constant(n)));

describe("whatever the data", () => {
  it("notBreaching never alarms on fewer than M breaching datapoints", () => {
    fc.assert(
      fc.property(anyRule, anySlots, ([m, n], text) => {
        const verdict = judge(alarm(m, n, "notBreaching"), slots(text.join(" ")));
        return verdict?.value !== "ALARM" || text.filter((each) => each === "X").length >= m;
      }),
    );
  });

  it("without missing data, ALARM is exactly M breaching ones among the newest N", () => {
    fc.assert(
      fc.property(
        anyRule,
        fc.array(fc.constantFrom("0", "X"), { minLength: 8, maxLength: 8 }),
        fc.constantFrom("missing", "ignore", "breaching", "notBreaching"),
        ([m, n], text, treat) => {
          const breaching = text.slice(-n).filter((each) => each === "X").length;
          return (
            judge(alarm(m, n, treat), slots(text.join(" ")))!.value === (breaching >= m ? "ALARM" : "OK")
          );
        },
      ),
    );
  });

  it("one good datapoint among at most M - 1 breaching ones is never ALARM unless missing counts as breaching", () => {
    fc.assert(
      fc.property(
        anyRule,
        anySlots,
        fc.constantFrom("missing", "ignore", "notBreaching"),
        ([m, n], text, treat) => {
          const verdict = judge(alarm(m, n, treat), slots(text.join(" ")));
          const used = verdict?.used.length ?? 0;
          const good = used - (verdict?.breaching.length ?? 0);
          return !(verdict?.value === "ALARM" && good > 0 && verdict.breaching.length < m);
        },
      ),
    );
  });

  it("missing data alone never alarms unless it counts as breaching", () => {
    fc.assert(
      fc.property(anyRule, fc.constantFrom("missing", "ignore", "notBreaching"), ([m, n], treat) => {
        return (
          judge(
            alarm(m, n, treat),
            slots(
              Array(n + 2)
                .fill("-")
                .join(" "),
            ),
          )?.value !== "ALARM"
        );
      }),
    );
  });
});
