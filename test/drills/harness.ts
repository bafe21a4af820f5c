import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import {
  DescribeExecutionCommand,
  type HistoryEvent,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { stringify } from "yaml";
import { alarmsAreQuiet } from "../../bin/drill/drill.ts";
import { executionHistory } from "../../bin/drill/history.ts";
import { confirmSubscriptions } from "../../bin/drill/inbox.ts";
import { machinePace } from "../../bin/drill/pace.ts";
import { subscribers } from "../../lib/plan/audiences.ts";
import { alarmName } from "../../lib/plan/criteria.ts";
import { loadPlanOrThrow } from "../../lib/plan/load.ts";
import type { Plan } from "../../lib/plan/schema.ts";
import { alarmTriggers } from "../../lib/plan/trigger-kind.ts";
import { synthesize } from "../../lib/synthesize.ts";
import { functionPool } from "../../sandbox/engines/functions/index.ts";
import { type Mail, mails } from "../../sandbox/engines/mail.ts";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { scenarios } from "../../scenarios/index.ts";
import type { RunningScenario, Scenario } from "../../scenarios/scenario.ts";
import { until } from "../../scenarios/until.ts";

/** A plan's service and stack in a sandbox, ready to be broken; what every drill test stands on. */
export interface DrillBench {
  sandbox: Sandbox;
  /** The plan as it was deployed. */
  plan: Plan;
  /** The plan's service. */
  service: string;
  running: RunningScenario;
  stateMachineArn: string;
  outputs: Record<string, string>;
  /** Starts an execution by hand, of the rollback unless another machine is given, and waits for its end. */
  run(input: object, name?: string, machine?: string): Promise<EndedExecution>;
  mails(): Mail[];
  /** What a person does when the cause of a failed run is gone: `watchdog release`. */
  freeLock(): Promise<void>;
  close(): Promise<void>;
}

export interface EndedExecution {
  executionArn: string;
  status: string;
  output: unknown;
  error: string | undefined;
  cause: string | undefined;
  history: HistoryEvent[];
  /** Names of the states entered, in order. */
  states: string[];
}

/**
 * Deploys a plan with its scenario. `change` may edit the plan's YAML document (a shorter watch, another check);
 * the edited plan goes through the same validation, compiler and synthesis as any other.
 */
export async function drillBench(
  name: string,
  options: {
    /** Sandbox seconds for each machine second, 60 unless given; "held": what a drill finds this machine can hold. */
    speed?: number | "held";
    change?(plan: Record<string, unknown>): void;
    /** Share of the scenario's load; a tenth unless given, since most tests ask nothing of it. */
    load?: number;
    /** False: the plan's alarms look at metrics that nobody has reported yet. */
    metricsReported?: boolean;
    /** Instead of the plan and the scenario of that name. */
    planFile?: string;
    scenario?: Scenario;
  } = {},
): Promise<DrillBench> {
  const folder = mkdtempSync(join(tmpdir(), "watchdog-drill-test-"));
  const plan = loadPlanOrThrow(options.planFile ?? `plans/${name}.yaml`);
  const scenario = options.scenario ?? scenarios[name]!;
  const document = structuredClone(plan) as unknown as Record<string, unknown>;
  // Rehearsals every half hour would run beside every test.
  document["preflight"] = { every: "off" };
  // Practised in its own test; a stack without it is deployed sooner.
  if (!options.planFile) delete document["practice"];
  options.change?.(document);
  const planFile = join(folder, `${name}.yaml`);
  writeFileSync(planFile, stringify(document));
  const speed = options.speed === "held" ? (await machinePace()).speed : options.speed;
  const sandbox = await createSandbox({ speed: speed ?? 60 });
  // A whole stack's functions stay warm: starting them again costs more than the tests' own work.
  functionPool(sandbox.world).kept = 40;
  const close = async () => {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const cdkOut = join(folder, "cdk.out");
    const [running, { stacks }] = await Promise.all([
      scenario.prepare(sandbox, { seed: 1, say: () => undefined, load: options.load ?? 0.1 }),
      synthesize([planFile], cdkOut, { rules: false }),
    ]);
    await running.warmUp();
    const { outputs } = await sandbox.deploy(cdkOut, stacks[0]!.name);
    await running.announceVersion();
    const edited = loadPlanOrThrow(planFile);
    await confirmSubscriptions(sandbox, subscribers(edited).size + (edited.approval?.approvers.length ?? 0));
    const stateMachineArn = outputs["StateMachineArn"]!;
    const alarmNames = alarmTriggers(edited).map(({ id }) => alarmName(edited, id));
    if (options.metricsReported !== false)
      await until("the plan's alarms to be quiet", () => alarmsAreQuiet(sandbox, alarmNames));
    const states = new SFNClient(sandbox.clientConfig());
    return {
      sandbox,
      plan: loadPlanOrThrow(planFile),
      service: plan.service,
      running,
      stateMachineArn,
      outputs,
      close,
      freeLock: () => freeLock(sandbox, plan.service),
      mails: () => mails(sandbox.world).filter((mail) => !/subscription confirmation/i.test(mail.subject)),
      run: async (input, executionName, machine = stateMachineArn) => {
        const { executionArn } = await states.send(
          new StartExecutionCommand({
            stateMachineArn: machine,
            name: executionName,
            input: JSON.stringify(input),
          }),
        );
        return ended(sandbox, executionArn!);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Sandbox milliseconds that a test's run may take, on a clock slower than usual. */
const LONGEST_RUN = 2 * 3_600_000;

/** Waits for an execution's end and reads all of it. */
export async function ended(sandbox: Sandbox, executionArn: string): Promise<EndedExecution> {
  const states = new SFNClient(sandbox.clientConfig());
  const read = () => states.send(new DescribeExecutionCommand({ executionArn }));
  const longest = Math.max(120_000, LONGEST_RUN / sandbox.world.clock.speed);
  await until(`${executionArn} to end`, async () => (await read()).status !== "RUNNING", longest);
  const answer = await read();
  const history = await executionHistory(sandbox, executionArn);
  return {
    executionArn,
    status: answer.status!,
    output: answer.output === undefined ? undefined : JSON.parse(answer.output),
    error: answer.error,
    cause: answer.cause,
    history,
    states: history.flatMap((event) => event.stateEnteredEventDetails?.name ?? []),
  };
}

async function freeLock(sandbox: Sandbox, service: string): Promise<void> {
  await new DynamoDBClient(sandbox.clientConfig()).send(
    new UpdateItemCommand({
      TableName: `${service}-watchdog`,
      Key: { pk: { S: `service#${service}` }, sk: { S: "LOCK" } },
      UpdateExpression: "SET #state = :free",
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: { ":free": { S: "free" } },
    }),
  );
}

/** Nothing but the test may start a run: no alarm of the plan can ring any more. For `change` of {@link drillBench}. */
export function silence(plan: Record<string, unknown>): void {
  // Lower from one to the next: one that is behind another of the same number would never decide, and is refused.
  for (const [index, trigger] of (plan["triggers"] as { threshold?: string }[]).entries())
    if (trigger.threshold !== undefined) trigger.threshold = `> ${100_000_000 - index}`;
}
