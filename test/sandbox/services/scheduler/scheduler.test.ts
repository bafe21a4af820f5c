import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scheduler } from "../../../../sandbox/services/scheduler/index.ts";
import { until } from "../../../../scenarios/until.ts";
import { openWorld, type TestWorld } from "../../front/harness.ts";
import { recording } from "../monitoring/fixture.ts";

const MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:practice";
const trust = (conditions: object = {}) => ({
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "scheduler.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: conditions,
    },
  ],
});
const starts = [{ Effect: "Allow", Action: "states:StartExecution", Resource: MACHINE }];

describe("EventBridge Scheduler", () => {
  const states = recording("states", ["StartExecution"]);
  let test: TestWorld;
  let client: SchedulerClient;
  let roleArn: string;

  beforeAll(async () => {
    // A minute of its time is half a second here.
    test = await openWorld([states.service, scheduler], { speed: 120 });
    client = new SchedulerClient(test.admin);
    ({ roleArn } = await test.as(
      "starter",
      starts,
      trust({ StringEquals: { "aws:SourceAccount": "123456789012" } }),
    ));
  });
  afterAll(() => test.close());

  const schedule = (Name: string, more: Partial<CreateScheduleCommandInput> = {}) => ({
    Name,
    ScheduleExpression: "cron(* * * * ? *)",
    FlexibleTimeWindow: { Mode: "OFF" as const },
    Target: { Arn: MACHINE, RoleArn: roleArn, Input: JSON.stringify({ by: Name }) },
    ...more,
  });
  const startedBy = (name: string) =>
    states.calls.filter(({ input }) => input["input"] === JSON.stringify({ by: name }));

  it("starts a state machine at each of its times, under its role, until it is deleted", async () => {
    await client.send(new CreateScheduleCommand(schedule("each-minute")));
    await until("two starts", () => startedBy("each-minute").length >= 2);
    await client.send(new DeleteScheduleCommand({ Name: "each-minute" }));
    const count = startedBy("each-minute").length;

    expect(startedBy("each-minute")[0]).toMatchObject({
      input: { stateMachineArn: MACHINE },
      principal: { type: "role", roleArn },
    });
    await expect(client.send(new GetScheduleCommand({ Name: "each-minute" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    // Another schedule's whole minute later, the deleted one has not come again.
    await client.send(new CreateScheduleCommand(schedule("witness")));
    await until("the other one", () => startedBy("witness").length >= 2);
    expect(startedBy("each-minute")).toHaveLength(count);
    await client.send(new DeleteScheduleCommand({ Name: "witness" }));
  });

  it("starts nothing while it is disabled, and forgets what an update does not say", async () => {
    await client.send(
      new CreateScheduleCommand(schedule("paused", { State: "DISABLED", Description: "monthly" })),
    );
    await client.send(new CreateScheduleCommand(schedule("beside")));
    await until("the one beside it", () => startedBy("beside").length >= 2);

    expect(startedBy("paused")).toEqual([]);
    await client.send(new UpdateScheduleCommand(schedule("paused")));
    const found = await client.send(new GetScheduleCommand({ Name: "paused" }));
    expect(found).toMatchObject({
      State: "ENABLED",
      GroupName: "default",
      ScheduleExpressionTimezone: "UTC",
      Arn: "arn:aws:scheduler:us-east-1:123456789012:schedule/default/paused",
    });
    expect(found.Description).toBeUndefined();
    await until("the updated one", () => startedBy("paused").length > 0);
    for (const Name of ["paused", "beside"]) await client.send(new DeleteScheduleCommand({ Name }));
  });

  it("starts once for at(), inside its flexible window", async () => {
    const due = new Date(test.world.clock.now() + 60_000).toISOString().slice(0, 19);
    await client.send(
      new CreateScheduleCommand(
        schedule("once", {
          ScheduleExpression: `at(${due})`,
          FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 1 },
          ActionAfterCompletion: "DELETE",
        }),
      ),
    );

    await until("its start", () => startedBy("once").length > 0);
    expect(test.world.clock.now()).toBeGreaterThanOrEqual(Date.parse(`${due}Z`));
    const { Schedules } = await client.send(new ListSchedulesCommand({ NamePrefix: "once" }));
    expect(Schedules).toEqual([]);
  });

  it("refuses a role that does not trust it, a second schedule of a name, and a window without a length", async () => {
    const stranger = await test.as("stranger", starts, {
      Statement: [
        { Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    });
    const create = (more: Partial<CreateScheduleCommandInput>) =>
      client.send(new CreateScheduleCommand(schedule("refused", { State: "DISABLED", ...more })));

    await expect(create({ Target: { Arn: MACHINE, RoleArn: stranger.roleArn } })).rejects.toMatchObject({
      name: "ValidationException",
      message: "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
    });
    await expect(create({ FlexibleTimeWindow: { Mode: "FLEXIBLE" } })).rejects.toMatchObject({
      name: "ValidationException",
    });
    await create({});
    await expect(create({})).rejects.toMatchObject({ name: "ConflictException" });
  });
});
