import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alarmTransition } from "../../../lambdas/trigger/alarm-event.ts";

const ARN = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:lab-errors";
const state = { value: "ALARM", reason: "2 datapoints", timestamp: "2026-01-08T10:00:00.123+0000" };
/** As the alarm's Lambda action sends it. */
const direct = {
  source: "aws.cloudwatch",
  alarmArn: ARN,
  accountId: "123456789012",
  time: "2026-01-08T10:00:00.123+0000",
  region: "us-east-1",
  alarmData: { alarmName: "lab-errors", state, previousState: { value: "OK" }, configuration: {} },
};
/** As EventBridge delivers it. */
const fromBus = {
  version: "0",
  id: "11112222-3333-4444-5555-666677778888",
  "detail-type": "CloudWatch Alarm State Change",
  source: "aws.cloudwatch",
  time: "2026-01-08T10:00:01Z",
  resources: [ARN],
  detail: { alarmName: "lab-errors", state, previousState: { value: "OK" }, configuration: {} },
};

it("has a reason of one line, whatever who set the alarm's state wrote", () => {
  const reason = "2 datapoints\r\n\r\nApprove here:\u0007 \u202e\u001b[31mmoc.live\u2028";
  const said = alarmTransition({
    ...direct,
    alarmData: { ...direct.alarmData, state: { ...state, reason } },
  });

  expect(said?.reason).toBe("2 datapoints Approve here: [31mmoc.live");
});

describe("an alarm's transition", () => {
  it("is the same on both paths, so that two deliveries are one run", () => {
    expect(alarmTransition(direct)).toEqual({
      alarmName: "lab-errors",
      alarmArn: ARN,
      state: "ALARM",
      at: "2026-01-08T10:00:00.123Z",
      reason: "2 datapoints",
    });
    expect(alarmTransition(fromBus)).toEqual(alarmTransition(direct));
  });

  it("may have no reason", () => {
    const { reason: _, ...bare } = state;

    expect(alarmTransition({ ...fromBus, detail: { ...fromBus.detail, state: bare } })?.reason).toBe("");
  });

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a text", "ALARM"],
    ["a list", [fromBus]],
    ["an empty object", {}],
    ["another source", { ...fromBus, source: "aws.rds" }],
    ["another detail-type", { ...fromBus, "detail-type": "CloudWatch Alarm Configuration Change" }],
    ["no resource", { ...fromBus, resources: [] }],
    ["no detail", { ...fromBus, detail: undefined }],
    ["no state", { ...fromBus, detail: { alarmName: "lab-errors" } }],
    [
      "a state without a moment",
      { ...direct, alarmData: { ...direct.alarmData, state: { value: "ALARM" } } },
    ],
    [
      "a moment that is none",
      { ...direct, alarmData: { ...direct.alarmData, state: { ...state, timestamp: "soon" } } },
    ],
    ["a name that is no text", { ...direct, alarmData: { ...direct.alarmData, alarmName: 7 } }],
    ["no ARN", { ...direct, alarmArn: undefined }],
  ])("is not seen in %s", (_, event) => expect(alarmTransition(event)).toBeUndefined());

  it("is never made up, and nothing makes the reading fail", () => {
    fc.assert(
      fc.property(fc.anything(), (event) => {
        expect(alarmTransition(event)).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(fromBus)), fc.anything(), (key, value) => {
        const found = alarmTransition({ ...fromBus, [key]: value });
        if (found) expect(found.at).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
      }),
    );
  });
});
