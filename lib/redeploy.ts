import { Stack } from "aws-cdk-lib";
import { EventField, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { LambdaFunction, SnsTopic } from "aws-cdk-lib/aws-events-targets";
import { PolicyStatement, type Role } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import type { PlanFunctions, PublishedFunction } from "./functions.ts";
import { machineOf } from "./machine.ts";
import { holdName } from "./names.ts";
import { allChecks, rampSteps } from "./plan/redeploy.ts";
import type { Plan } from "./plan/schema.ts";
import { arnBuilder } from "./roles.ts";
import { type Ladder, startsLadder } from "./self-alarms.ts";
import type { KindFunctions } from "./steps.ts";
import { TASK_SECONDS } from "./workflow/deadline.ts";
import { compileHold } from "./workflow/redeploy/hold.ts";

/** What a ramp needs beside the machine that makes its changes. */
export interface RampParts {
  /** Keeps its row, its lock and its history; as the machines call it, and as rules do. */
  published: PublishedFunction;
  keeps: IFunction;
  hold: StateMachine;
}

/** The function that keeps ramps, and the machine that holds their steps; nothing for a plan without one. */
export function addHold(
  scope: Construct,
  plan: Plan,
  functions: PlanFunctions,
  { keeper, attendant, kinds }: { keeper: Role; attendant: Role; kinds: KindFunctions },
): RampParts | undefined {
  if (!plan.redeploy) return undefined;
  const keeps = functions.add("Ramp", {
    bundle: "redeploy",
    description: "keeps ramps: their row, lock and history",
    role: keeper,
    timeoutSeconds: TASK_SECONDS.handler,
  });
  const published: PublishedFunction = {
    versionArn: keeps.currentVersion.functionArn,
    functionArn: keeps.functionArn,
    roleArn: keeper.roleArn,
  };
  const held = new Set(rampSteps(plan).flatMap(({ checks }) => checks.map(({ check }) => check)));
  const used = [...new Set(allChecks(plan).map(({ check }) => check))].filter((kind) => held.has(kind));
  const none = { admit: "", decide: "", announce: "", report: "", release: "" };
  const hold = machineOf(scope, "Hold", {
    name: holdName(plan.service),
    definition: compileHold(plan, {
      handlers: { ...none, redeploy: published.versionArn },
      actions: {},
      checks: Object.fromEntries(used.map((kind) => [kind, kinds.checks[kind]!.versionArn])),
      partition: Stack.of(scope).partition,
    }),
    functions: [published, ...used.map((kind) => kinds.checks[kind]!)],
    role: attendant,
  });
  return { published, keeps, hold };
}

/**
 * Lets a role start the machine that holds and wait for its end.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
 */
export function mayHold(scope: Construct, service: string, role: Role, machine: StateMachine): void {
  machine.grantStartExecution(role);
  role.addToPolicy(
    new PolicyStatement({
      actions: ["states:DescribeExecution", "states:StopExecution"],
      // By its name: the wildcard's reason (nag.ts) is that of every execution's name.
      resources: [arnBuilder(scope).of("states", `execution:${holdName(service)}:*`)],
    }),
  );
  role.addToPolicy(
    new PolicyStatement({
      actions: ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
      resources: [arnBuilder(scope).of("events", "rule/StepFunctionsGetEventsForStepFunctionsExecutionRule")],
    }),
  );
}

/**
 * A ramp that was stopped, or ran out of time, ends itself in nobody's name: the row, the lock, and what rang meanwhile.
 * People are told, and called by the ladder.
 */
export function noticeStoppedRamps(
  scope: Construct,
  service: string,
  {
    machine,
    keeps,
    topic,
    deadLetters,
    ladder,
  }: {
    machine: StateMachine;
    keeps: IFunction;
    topic: ITopic;
    deadLetters: IQueue;
    ladder: Ladder | undefined;
  },
): void {
  const field = (name: string) => EventField.fromPath(`$.detail.${name}`);
  const pattern = (status: string[]) => ({
    source: ["aws.states"],
    detailType: ["Step Functions Execution Status Change"],
    detail: { stateMachineArn: [machine.stateMachineArn], status },
  });
  new Rule(scope, "RampEnded", {
    description: `A redeploy of ${service} ended; one that did not say so is ended for good`,
    eventPattern: pattern(["ABORTED", "TIMED_OUT", "FAILED"]),
    targets: [
      new LambdaFunction(keeps, {
        deadLetterQueue: deadLetters,
        event: RuleTargetInput.fromObject({ verb: "stopped", name: field("name"), status: field("status") }),
      }),
    ],
  });
  new Rule(scope, "RampEndedSilently", {
    description: `A redeploy of ${service} was stopped or ran out of time`,
    eventPattern: pattern(["ABORTED", "TIMED_OUT"]),
    targets: [
      ...(ladder ? [startsLadder(ladder, deadLetters)] : []),
      // By its ARN: the target would give itself a statement in the topic's policy that any account's rules fit.
      new SnsTopic(Topic.fromTopicArn(scope, "RampNoticesByArn", topic.topicArn), {
        deadLetterQueue: deadLetters,
        message: RuleTargetInput.fromText(
          `The redeploy ${field("name")} of ${service} ended ${field("status")}, in the middle: what it had brought out stays out, ` +
            `and alarms begin rollbacks again. Look at ${field("executionArn")} for what was done, and put the rest right by hand.`,
        ),
      }),
    ],
  });
}
