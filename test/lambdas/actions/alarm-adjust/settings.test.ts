import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { describe, expect, it } from "vitest";
import { settingsOf } from "../../../../lambdas/actions/alarm-adjust/settings.ts";

const alarm: MetricAlarm = {
  AlarmName: "errors",
  AlarmArn: "arn:aws:cloudwatch:us-east-1:111122223333:alarm:errors",
  StateValue: "ALARM",
  StateReason: "too many",
  Threshold: 5,
  ComparisonOperator: "GreaterThanThreshold",
  EvaluationPeriods: 3,
  OKActions: [],
};

describe("an alarm's settings", () => {
  it("are those that PutMetricAlarm sets: neither its name as an ARN nor its state", () => {
    expect(settingsOf(alarm)).toEqual({
      AlarmName: "errors",
      Threshold: 5,
      ComparisonOperator: "GreaterThanThreshold",
      EvaluationPeriods: 3,
    });
  });

  it("keep what CloudWatch learned to set later, which a call without it would take away", () => {
    const later: Partial<MetricAlarm> = {
      EvaluationInterval: 60,
      EvaluationCriteria: { PromQLCriteria: { Query: "up < 1" } },
    };

    expect(settingsOf({ ...alarm, ...later })).toMatchObject(later);
  });
});
