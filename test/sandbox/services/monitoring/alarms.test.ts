import type {
  DescribeAlarmHistoryCommandOutput,
  DescribeAlarmsCommandOutput,
  MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import { afterEach, describe, expect, it, vi } from "vitest";
import { evaluate } from "../../../../sandbox/services/monitoring/evaluate.ts";
import { monitoring } from "../../../../sandbox/services/monitoring/index.ts";
import { number } from "../../../../sandbox/services/monitoring/reason.ts";
import { openPlainWorld, recording } from "./fixture.ts";

const opened: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

const TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms";
const MINUTE = 60_000;

async function open(speed = 60) {
  const sns = recording("sns", ["Publish"]);
  const lambda = recording("lambda", ["Invoke"]);
  const test = await openPlainWorld([sns.service, lambda.service, monitoring], speed);
  opened.push(test);
  const call = <Output>(name: string, input: object) => test.call<Output>("monitoring", name, input);
  const put = (input: Partial<MetricAlarm>) =>
    call("PutMetricAlarm", {
      AlarmName: "errors",
      Namespace: "Lab",
      MetricName: "ErrorRate",
      Statistic: "Average",
      Period: 60,
      EvaluationPeriods: 2,
      Threshold: 10,
      ComparisonOperator: "GreaterThanThreshold",
      AlarmActions: [TOPIC],
      ...input,
    });
  const set = (AlarmName: string, StateValue: string) =>
    call("SetAlarmState", { AlarmName, StateValue, StateReason: "by hand" });
  const alarm = async (name: string) => {
    const found = await call<DescribeAlarmsCommandOutput>("DescribeAlarms", {
      AlarmNames: [name],
      AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
    });
    return { ...found.MetricAlarms![0]!, ...found.CompositeAlarms![0]! };
  };
  return { ...test, sns, lambda, call, put, set, alarm };
}

/** Data of past minutes, oldest first; the newest is of the minute that just ended. */
async function data(test: Awaited<ReturnType<typeof open>>, values: (number | undefined)[]): Promise<number> {
  const end = Math.floor(test.world.clock.now() / MINUTE) * MINUTE;
  for (const [index, Value] of values.entries()) {
    const Timestamp = new Date(end - (values.length - index) * MINUTE);
    if (Value !== undefined)
      await test.call("PutMetricData", {
        Namespace: "Lab",
        MetricData: [{ MetricName: "ErrorRate", Value, Timestamp }],
      });
  }
  return end;
}
const rule: MetricAlarm = {
  Namespace: "Lab",
  MetricName: "ErrorRate",
  Statistic: "Average",
  Period: 60,
  EvaluationPeriods: 3,
  Threshold: 10,
  ComparisonOperator: "GreaterThanThreshold",
};

describe("what an evaluation says", () => {
  it("names each datapoint, newest first, when no M was given", async () => {
    const test = await open();
    const end = await data(test, [12, 13.5, 14]);

    const verdict = evaluate(test.world, rule, end, end);

    expect(verdict?.value).toBe("ALARM");
    expect(verdict?.reason).toMatch(
      /^Threshold Crossed: 3 datapoints \[14\.0 \(.{17}\), 13\.5 \(.{17}\), 12\.0 \(.{17}\)\] were greater than the threshold \(10\.0\)\.$/,
    );
    expect(JSON.parse(verdict!.reasonData)).toMatchObject({
      version: "1.0",
      statistic: "Average",
      period: 60,
      recentDatapoints: [12, 13.5, 14],
      threshold: 10,
      startDate: new Date(end - 3 * MINUTE).toISOString().replace("Z", "+0000"),
      evaluatedDatapoints: [{ value: 14, sampleCount: 1 }, { value: 13.5 }, { value: 12 }],
    });
  });

  it("counts the breaching ones against M when one was given", async () => {
    const test = await open();
    const end = await data(test, [12, 5, 14]);

    const verdict = evaluate(test.world, { ...rule, DatapointsToAlarm: 2 }, end, end);

    expect(verdict?.reason).toMatch(
      /^Threshold Crossed: 2 out of the last 3 datapoints \[14\.0 \(.+\), 12\.0 \(.+\)\] were greater than the threshold \(10\.0\) \(minimum 2 datapoints for OK -> ALARM transition\)\.$/,
    );
  });

  it("says what missing datapoints were taken for", async () => {
    const test = await open();
    const end = await data(test, [5, undefined, undefined]);

    const good = evaluate(test.world, { ...rule, TreatMissingData: "notBreaching" }, end, end);
    const unknown = evaluate(test.world, { ...rule, MetricName: "Other" }, end, end);

    expect(good?.reason).toContain(
      "was not greater than the threshold (10.0) and 2 missing datapoints were treated as [NonBreaching].",
    );
    expect(unknown).toMatchObject({
      value: "INSUFFICIENT_DATA",
      reason: "Insufficient Data: 3 datapoints were unknown.",
    });
  });

  it("writes numbers as Java does", () => {
    expect([1, 0.5, 12345678, 0.0001, 1.5e10, 0].map(number)).toEqual([
      "1.0",
      "0.5",
      "1.2345678E7",
      "1.0E-4",
      "1.5E10",
      "0.0",
    ]);
  });
});

describe("alarms as time goes by", () => {
  it("fires once its periods ended, tells its topic, Lambda-shaped data and the bus, and does not repeat itself", async () => {
    const test = await open(600);
    const FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:trigger";
    await data(test, [20, 20, 20]);
    await test.put({ AlarmActions: [TOPIC, FUNCTION] });

    await vi.waitFor(async () => expect((await test.alarm("errors")).StateValue).toBe("ALARM"), 5_000);
    await vi.waitFor(() => expect(test.lambda.calls).toHaveLength(1));

    const [message] = test.sns.calls;
    expect(message?.input["Subject"]).toBe('ALARM: "errors" in US East (N. Virginia)');
    const bodies = JSON.parse(message?.input["Message"] as string);
    expect(bodies.email).toMatch(
      /^You are receiving this email because your Amazon CloudWatch Alarm "errors" in the US East \(N\. Virginia\) region has entered the ALARM state, because "Threshold Crossed: 2 datapoints /,
    );
    expect(JSON.parse(bodies.default)).toMatchObject({
      NewStateValue: "ALARM",
      OldStateValue: "INSUFFICIENT_DATA",
      Trigger: { MetricName: "ErrorRate", Statistic: "AVERAGE", Unit: null, TreatMissingData: "" },
    });
    expect(test.lambda.calls[0]?.principal).toMatchObject({
      service: "lambda.alarms.cloudwatch.amazonaws.com",
      sourceArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors",
    });
    expect(test.events[0]).toMatchObject({
      source: "aws.cloudwatch",
      "detail-type": "CloudWatch Alarm State Change",
      resources: ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors"],
      detail: {
        alarmName: "errors",
        state: { value: "ALARM" },
        previousState: { value: "INSUFFICIENT_DATA" },
      },
    });
    expect(test.sns.calls.filter(({ input }) => String(input["Subject"]).startsWith("ALARM"))).toHaveLength(
      1,
    );
  });

  it("tells the bus but runs no action while its actions are off", async () => {
    const test = await open();
    await test.put({ ActionsEnabled: false });

    await test.set("errors", "ALARM");

    expect(test.events.map(({ detail }) => (detail as { state: { value: string } }).state.value)).toEqual([
      "ALARM",
    ]);
    expect(test.sns.calls).toEqual([]);
  });

  it("the same state again is no transition", async () => {
    const test = await open();
    await test.put({});

    await test.set("errors", "ALARM");
    await test.set("errors", "ALARM");

    await vi.waitFor(() => expect(test.sns.calls).toHaveLength(1));
    expect(test.events).toHaveLength(1);
    const { AlarmHistoryItems } = await test.call<DescribeAlarmHistoryCommandOutput>("DescribeAlarmHistory", {
      AlarmName: "errors",
      HistoryItemType: "StateUpdate",
    });
    expect(AlarmHistoryItems?.map(({ HistorySummary }) => HistorySummary)).toEqual([
      "Alarm updated from INSUFFICIENT_DATA to ALARM",
    ]);
  });

  it("an expression over two metrics decides", async () => {
    const test = await open(600);
    const end = Math.floor(test.world.clock.now() / MINUTE) * MINUTE;
    const metric = (Id: string, MetricName: string) => ({
      Id,
      MetricStat: { Metric: { Namespace: "Lab", MetricName }, Period: 60, Stat: "Sum" },
      ReturnData: false,
    });
    for (let back = 1; back <= 4; back += 1)
      for (const [MetricName, Value] of [
        ["Errors", 30],
        ["Requests", 100],
      ] as const)
        await test.call("PutMetricData", {
          Namespace: "Lab",
          MetricData: [{ MetricName, Value, Timestamp: new Date(end - back * MINUTE) }],
        });
    await test.call("PutMetricAlarm", {
      AlarmName: "ratio",
      Metrics: [
        { Id: "rate", Expression: "100 * errors / FILL(requests, 1)", ReturnData: true },
        metric("errors", "Errors"),
        metric("requests", "Requests"),
      ],
      EvaluationPeriods: 2,
      Threshold: 10,
      ComparisonOperator: "GreaterThanThreshold",
    });

    await vi.waitFor(async () => expect((await test.alarm("ratio")).StateValue).toBe("ALARM"), 5_000);
    expect((await test.alarm("ratio")).StateReason).toContain("[30.0 (");
  });
});

describe("composite alarms", () => {
  it("follow their rule, and say which alarm moved them", async () => {
    const test = await open();
    for (const AlarmName of ["one", "two", "off"]) await test.put({ AlarmName, AlarmActions: [] });
    await test.call("PutCompositeAlarm", {
      AlarmName: "both",
      AlarmRule: "(ALARM(one) AND ALARM(two)) AND NOT ALARM(off)",
      AlarmActions: [TOPIC],
    });

    await test.set("one", "ALARM");
    const before = await test.alarm("both");
    await test.set("two", "ALARM");
    const after = await test.alarm("both");
    await test.set("off", "ALARM");

    expect(before.StateValue).toBe("OK");
    expect(after.StateValue).toBe("ALARM");
    expect(after.StateReason).toMatch(
      /^arn:aws:cloudwatch:us-east-1:123456789012:alarm:two transitioned to ALARM at \w+day \d\d \w+, \d{4} \d\d:\d\d:\d\d UTC$/,
    );
    expect((await test.alarm("both")).StateValue).toBe("OK");
    await vi.waitFor(() => expect(test.sns.calls).toHaveLength(1));
  });

  it("a suppressor in ALARM holds the actions back, not the event, and lets them go after its extension", async () => {
    const test = await open(600);
    for (const AlarmName of ["child", "deploying"]) await test.put({ AlarmName, AlarmActions: [] });
    await test.call("PutCompositeAlarm", {
      AlarmName: "suppressed",
      AlarmRule: "ALARM(child)",
      AlarmActions: [TOPIC],
      ActionsSuppressor: "deploying",
      ActionsSuppressorWaitPeriod: 10,
      ActionsSuppressorExtensionPeriod: 20,
    });
    await test.set("deploying", "ALARM");
    await test.set("child", "ALARM");

    const held = await test.alarm("suppressed");
    const told = test.events.at(-1)?.detail as { state: { actionsSuppressedBy: string } };
    const callsWhileHeld = test.sns.calls.length;
    await test.set("deploying", "OK");

    expect(held).toMatchObject({ StateValue: "ALARM", ActionsSuppressedBy: "Alarm" });
    expect(told.state.actionsSuppressedBy).toBe("Alarm");
    expect(callsWhileHeld).toBe(0);
    await vi.waitFor(() => expect(test.sns.calls).toHaveLength(1));
    expect((await test.alarm("suppressed")).ActionsSuppressedBy).toBeUndefined();
  });

  it("refuses a rule with an alarm that does not exist, broken rules, and deleting an alarm it looks at", async () => {
    const test = await open();
    await test.put({ AlarmName: "child" });
    const put = (AlarmRule: string) => test.call("PutCompositeAlarm", { AlarmName: "c", AlarmRule });

    await expect(put("ALARM(gone)")).rejects.toThrow(
      "Could not save the composite alarm as alarms [gone] in the alarm rule do not exist",
    );
    for (const broken of ["ALARM(child", "ALARM child", "child", "ALARM(child) XOR TRUE", ""])
      await expect(put(broken)).rejects.toMatchObject({ code: "ValidationError" });
    await put("NOT OK(child) OR TRUE");
    await expect(test.call("DeleteAlarms", { AlarmNames: ["child"] })).rejects.toThrow("depending on it");
  });
});
