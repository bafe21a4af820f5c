import { cbor } from "@smithy/core/cbor";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WireRequest } from "../../../../sandbox/front/codec/wire.ts";
import { arcRegionSwitch } from "../../../../sandbox/services/arc-region-switch/index.ts";
import type { Execution, Plan } from "../../../../sandbox/services/arc-region-switch/types.ts";
import { decodeRegionSwitch } from "../../../../sandbox/services/arc-region-switch/wire.ts";
import { route53RecoveryCluster } from "../../../../sandbox/services/route53-recovery-cluster/index.ts";
import {
  makeControlPanel,
  routingControlArn,
  routingControlOf,
} from "../../../../sandbox/services/route53-recovery-cluster/state.ts";
import { until } from "../../../../scenarios/until.ts";
import { openWorld, type TestWorld } from "../../front/harness.ts";

const PANEL = "0".repeat(32);
const CONTROLS = { east: "1".repeat(16), west: "2".repeat(16) };
let test: TestWorld;
let roleArn: string;

const arn = (id: string) => routingControlArn(test.world, PANEL, id);
const stateOf = (id: string) => routingControlOf(test.world, arn(id)).state;
const set = (east: "On" | "Off", west: "On" | "Off") => [
  { routingControlArn: arn(CONTROLS.east), state: east },
  { routingControlArn: arn(CONTROLS.west), state: west },
];

/** Activates one Region or the other; the west asks somebody first. */
const plan = () => ({
  name: "shop",
  executionRole: roleArn,
  regions: ["us-east-1", "us-west-2"],
  recoveryApproach: "activePassive",
  primaryRegion: "us-east-1",
  workflows: [
    {
      workflowTargetAction: "activate",
      workflowTargetRegion: "us-east-1",
      steps: [step("traffic-east", "us-east-1", set("On", "Off"))],
    },
    {
      workflowTargetAction: "activate",
      workflowTargetRegion: "us-west-2",
      steps: [
        {
          name: "ask",
          executionBlockType: "ManualApproval",
          executionBlockConfiguration: { executionApprovalConfig: { approvalRole: roleArn } },
        },
        step("traffic-west", "us-west-2", set("Off", "On")),
      ],
    },
  ],
});
const step = (name: string, region: string, states: object[]) => ({
  name,
  executionBlockType: "ARCRoutingControl",
  executionBlockConfiguration: {
    arcRoutingControlConfig: { regionAndRoutingControls: { [region]: states } },
  },
});

const call = <Answer>(operation: string, input: object, region = "us-west-2") =>
  test.world.call<Answer>({
    service: "arc-region-switch",
    operation,
    input,
    principal: { type: "admin" },
    region,
  });

beforeAll(async () => {
  test = await openWorld([route53RecoveryCluster, arcRegionSwitch]);
  makeControlPanel(test.world, {
    id: PANEL,
    name: "shop",
    controls: Object.entries(CONTROLS).map(([name, id]) => ({ name, id })),
    leastOn: 1,
  });
  ({ roleArn } = await test.as("region-switch", [
    { Effect: "Allow", Action: "route53-recovery-cluster:UpdateRoutingControlStates", Resource: "*" },
  ]));
});
afterAll(() => test?.close());

describe("an execution of a plan", () => {
  let made: Plan;
  const execution = (executionId: string) =>
    call<Execution>("GetPlanExecution", { planArn: made.arn, executionId });
  const reaches = (executionId: string, state: string) =>
    until(
      `the execution to be ${state}`,
      async () => (await execution(executionId)).executionState === state,
    );

  beforeAll(async () => {
    made = (await call<{ plan: Plan }>("CreatePlan", plan())).plan;
  });

  it("goes through its steps on the sandbox's clock, as its role, and is found again by its token", async () => {
    const given = { planArn: made.arn, targetRegion: "us-east-1", action: "activate", clientToken: "once" };
    const begun = test.world.clock.now();

    const { executionId } = await call<{ executionId: string }>("StartPlanExecution", given, "us-east-1");
    const again = await call<{ executionId: string }>("StartPlanExecution", given, "us-east-1");
    await reaches(executionId, "completed");

    expect(executionId).toMatch(/^us-east-1\/[0-9a-f]{16}$/);
    expect(again.executionId).toBe(executionId);
    const { endTime, stepStates } = await execution(executionId);
    expect(endTime!.getTime() - begun).toBeGreaterThanOrEqual(60_000);
    expect(stepStates).toMatchObject([{ name: "traffic-east", status: "completed" }]);
    expect([stateOf(CONTROLS.east), stateOf(CONTROLS.west)]).toEqual(["On", "Off"]);
  });

  it("waits for a person where its plan does; no other begins meanwhile; cancelled, it changes nothing more", async () => {
    const given = { planArn: made.arn, targetRegion: "us-west-2", action: "activate" };
    const { executionId } = await call<{ executionId: string }>("StartPlanExecution", given);
    await reaches(executionId, "pendingManualApproval");

    await expect(call("StartPlanExecution", given)).rejects.toMatchObject({ code: "IllegalStateException" });
    await call("CancelPlanExecution", { planArn: made.arn, executionId });

    expect(await execution(executionId)).toMatchObject({
      executionState: "canceled",
      stepStates: [{ status: "canceled" }, { status: "notStarted" }],
    });
    expect([stateOf(CONTROLS.east), stateOf(CONTROLS.west)]).toEqual(["On", "Off"]);
  });

  it("stops at a step that fails: its role may not do it", async () => {
    const { roleArn: executionRole } = await test.as("nobody", []);
    const other = await call<{ plan: Plan }>("CreatePlan", { ...plan(), name: "other", executionRole });
    const planArn = other.plan.arn;
    const { executionId } = await call<{ executionId: string }>("StartPlanExecution", {
      planArn,
      targetRegion: "us-east-1",
      action: "activate",
    });

    await until("the step to fail", async () => {
      const found = await call<Execution>("GetPlanExecution", { planArn, executionId });
      return found.executionState === "pausedByFailedStep" && found.stepStates[0]!.status === "failed";
    });
  });

  it("says what its plan's evaluation found, and refuses what it cannot carry out", async () => {
    const gone = routingControlArn(test.world, PANEL, "9".repeat(16));
    const steps = [step("gone", "us-east-1", [{ routingControlArn: gone, state: "On" }])];
    const workflows = [{ workflowTargetAction: "activate", steps }];
    const other = await call<{ plan: Plan }>("CreatePlan", { ...plan(), name: "broken", workflows });
    const lambda = [
      {
        workflowTargetAction: "activate",
        steps: [{ ...steps[0], executionBlockType: "CustomActionLambda" }],
      },
    ];

    expect(await call("GetPlanEvaluationStatus", { planArn: other.plan.arn })).toMatchObject({
      evaluationState: "actionRequired",
      warnings: [{ stepName: "gone", warningMessage: expect.stringContaining(gone) }],
    });
    expect(await call("GetPlanEvaluationStatus", { planArn: made.arn })).toMatchObject({
      evaluationState: "passed",
    });
    await expect(call("CreatePlan", { ...plan(), workflows: lambda })).rejects.toMatchObject({
      code: "NotImplementedBySandbox",
    });
  });

  it.each([
    [
      "AWS JSON 1.0",
      { "x-amz-target": "ArcRegionSwitch.ListPlanExecutions" },
      "/",
      JSON.stringify,
      JSON.parse,
    ],
    [
      "RPC v2 CBOR, as the aws client does",
      { "smithy-protocol": "rpc-v2-cbor" },
      "/service/ArcRegionSwitch/operation/ListPlanExecutions",
      cbor.serialize,
      cbor.deserialize,
    ],
  ])("is asked in %s", async (_, headers, path, write, read) => {
    const body = Buffer.from(write({ planArn: made.arn }) as string);
    const request = { method: "POST", path, query: new URLSearchParams(), headers, body };
    const { operation, input, encode } = decodeRegionSwitch(request as WireRequest);

    const answer = encode(await call(operation, input as object), "");

    const { items } = read((path === "/" ? String(answer.body) : answer.body) as never);
    expect(items.map((each: Execution) => each.executionState)).toEqual(["canceled", "completed"]);
    const seconds = items[1].endTime.value ?? items[1].endTime;
    expect(Math.abs(seconds * 1000 - test.world.clock.now())).toBeLessThan(3_600_000);
  });
});
