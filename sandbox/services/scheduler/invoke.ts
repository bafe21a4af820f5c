import { randomInt, randomUUID } from "node:crypto";
import type { Target } from "@aws-sdk/client-scheduler";
import { type Principal, ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { groupArn, type Schedule, stopped } from "./state.ts";

const DAY_SECONDS = 86_400;
const ATTEMPTS = 185;
const LONGEST_WAIT_SECONDS = 300;
/** Errors that trying again does not mend. */
const HOPELESS =
  /AccessDenied|NotAuthorized|NotFound|DoesNotExist|Validation|Invalid|NotImplementedBySandbox/i;

type Send = (world: World, principal: Principal, target: Target) => Promise<unknown>;

/** The templated targets, by the service in their ARN. */
export const SENDERS: Record<string, Send> = {
  states: (world, principal, { Arn, Input }) =>
    world.call({
      service: "states",
      operation: "StartExecution",
      principal,
      input: { stateMachineArn: Arn, ...(Input === undefined ? {} : { input: Input }) },
    }),
  lambda: (world, principal, { Arn, Input = "{}" }) =>
    world.call({
      service: "lambda",
      operation: "Invoke",
      principal,
      input: { FunctionName: Arn, InvocationType: "Event", Payload: Buffer.from(Input) },
    }),
};

/** Takes the execution role on as the service does, for a schedule of a group; false when its trust policy refuses. */
export async function assumedBy(world: World, group: string, RoleArn: string): Promise<boolean> {
  try {
    await world.call({
      service: "sts",
      operation: "AssumeRole",
      input: { RoleArn, RoleSessionName: "scheduler" },
      principal: {
        type: "service",
        service: "scheduler.amazonaws.com",
        sourceArn: groupArn(world, group),
      },
    });
    return true;
  } catch (error) {
    if (error instanceof ServiceException && /AccessDenied/.test(error.code)) return false;
    throw error;
  }
}

/** Calls a schedule's target; never rejects: what was not delivered is in the log and in the dead-letter queue. */
export async function invoke(world: World, schedule: Schedule): Promise<void> {
  const { given, group, name } = schedule;
  const target = given.Target!;
  const { MaximumRetryAttempts: most = ATTEMPTS, MaximumEventAgeInSeconds: age = DAY_SECONDS } =
    target.RetryPolicy ?? {};
  const until = world.clock.now() + age * 1000;
  for (let retries = 0; ; retries += 1) {
    try {
      const RoleArn = target.RoleArn ?? "";
      if (!(await assumedBy(world, group, RoleArn)))
        throw new ServiceException(
          "AccessDeniedException",
          `${RoleArn} may not be taken on by the scheduler`,
        );
      const principal: Principal = { type: "role", roleArn: RoleArn, sessionName: randomUUID() };
      await SENDERS[target.Arn!.split(":")[2]!]!(world, principal, target);
      return;
    } catch (error) {
      if (stopped(world).aborted) return;
      const code = error instanceof ServiceException ? error.code : (error as Error).name;
      if (HOPELESS.test(code) || retries >= most || world.clock.now() >= until) {
        world.log(
          "scheduler",
          `${name} → ${target.Arn}: given up after ${retries + 1} attempt(s): ${(error as Error).message}`,
        );
        await deadLetter(world, schedule, code, error as Error, retries);
        return;
      }
      try {
        const seconds = Math.min(2 ** retries, LONGEST_WAIT_SECONDS);
        await world.clock.sleep(seconds * randomInt(500, 1000), stopped(world));
      } catch {
        return; // the sandbox stopped while it waited
      }
    }
  }
}

async function deadLetter(
  world: World,
  { arn, given }: Schedule,
  code: string,
  error: Error,
  retries: number,
): Promise<void> {
  const { DeadLetterConfig, RoleArn = "", Arn = "", Input = "{}" } = given.Target!;
  if (!DeadLetterConfig?.Arn) return;
  const [, , , , account, queue] = DeadLetterConfig.Arn.split(":");
  const text = (StringValue: string) => ({ DataType: "String", StringValue });
  try {
    await world.call({
      service: "sqs",
      operation: "SendMessage",
      principal: { type: "role", roleArn: RoleArn, sessionName: "scheduler" },
      input: {
        QueueUrl: `${world.endpoint}/${account}/${queue}`,
        MessageBody: Input,
        MessageAttributes: {
          SCHEDULE_ARN: text(arn),
          TARGET_ARN: text(Arn),
          ERROR_CODE: text(code),
          ERROR_MESSAGE: text(error.message),
          RETRY_ATTEMPTS: text(String(retries)),
        },
      },
    });
  } catch (failed) {
    world.log("scheduler", `${arn}: its dead letter was not kept: ${(failed as Error).message}`);
  }
}
