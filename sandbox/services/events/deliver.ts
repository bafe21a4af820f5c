import { randomUUID } from "node:crypto";
import type { Target } from "@aws-sdk/client-eventbridge";
import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { compilePattern } from "./pattern/index.ts";
import { type Bus, busNamed, type Rule } from "./state.ts";
import { targetInput } from "./target-input.ts";

/** An event as it lies on a bus. */
export interface BusEntry {
  version: "0";
  id: string;
  "detail-type": string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: unknown;
}

const DAY_SECONDS = 86_400;
const ATTEMPTS = 185;
/** Errors that trying again does not mend: straight to the dead-letter queue (AWS-FACTS §6). */
const HOPELESS = /AccessDenied|AuthorizationError|NotFound|NonExistentQueue|DoesNotExist|InvalidArn/i;

/** Puts an event on a bus: every rule that matches gets it, in the background. Returns the event's id. */
export function put(
  world: World,
  bus: Bus,
  event: {
    source: string;
    "detail-type": string;
    detail: unknown;
    resources?: string[] | undefined;
    time?: Date | undefined;
  },
): string {
  const entry: BusEntry = {
    version: "0",
    id: randomUUID(),
    "detail-type": event["detail-type"],
    source: event.source,
    account: world.account,
    time: (event.time ?? new Date(world.clock.now())).toISOString().replace(/\.\d+Z$/, "Z"),
    region: world.region,
    resources: event.resources ?? [],
    detail: event.detail,
  };
  for (const rule of bus.rules.values())
    if (rule.enabled && rule.pattern !== undefined && compilePattern(rule.pattern)(entry))
      deliverToTargets(world, rule, entry);
  return entry.id;
}

/** Delivers to each target of a rule; what fails is retried, and kept in the target's dead-letter queue if it has one. */
export function deliverToTargets(world: World, rule: Rule, entry: BusEntry): void {
  for (const target of rule.targets.values())
    withRetries(world, rule, target, entry).catch((error: Error) =>
      world.log("events", `${rule.name} → ${target.Arn}: ${error.message}`),
    );
}

async function withRetries(world: World, rule: Rule, target: Target, entry: BusEntry): Promise<void> {
  const most = target.RetryPolicy?.MaximumRetryAttempts ?? ATTEMPTS;
  const until = world.clock.now() + (target.RetryPolicy?.MaximumEventAgeInSeconds ?? DAY_SECONDS) * 1000;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await deliver(world, rule, target, entry);
    } catch (error) {
      const code = error instanceof ServiceException ? error.code : "InternalException";
      const message = (error as Error).message;
      const exhausted = attempt >= most || world.clock.now() >= until;
      if (!exhausted && !HOPELESS.test(code)) {
        await world.clock.sleep(Math.min(2 ** attempt, 300) * 1000 * (0.5 + Math.random() / 2));
        continue;
      }
      await deadLetter(world, rule, target, entry, { code, message, attempt, exhausted });
      throw new Error(`not delivered after ${attempt + 1} attempt(s): ${code} ${message}`);
    }
  }
}

async function deliver(world: World, rule: Rule, target: Target, entry: BusEntry): Promise<void> {
  const arn = target.Arn ?? "";
  const text = targetInput(target, entry, rule);
  const asService = { type: "service" as const, service: "events.amazonaws.com", sourceArn: rule.arn };
  const role = target.RoleArn ?? rule.roleArn;
  const principal =
    role === undefined ? asService : { type: "role" as const, roleArn: role, sessionName: "events" };
  const call = (service: string, operation: string, input: unknown, as: typeof principal = asService) =>
    world.call({ service, operation, input, principal: as });
  const [, , service = "", , account, resource = "", more] = arn.split(":");
  if (service === "lambda")
    await call("lambda", "Invoke", {
      FunctionName: arn,
      InvocationType: "Event",
      Payload: Buffer.from(text),
    });
  else if (service === "sqs")
    await call("sqs", "SendMessage", {
      QueueUrl: `${world.endpoint}/${account}/${resource}`,
      MessageBody: text,
      MessageGroupId: target.SqsParameters?.MessageGroupId,
    });
  else if (service === "sns") await call("sns", "Publish", { TopicArn: arn, Message: text });
  else if (service === "states")
    await call("states", "StartExecution", { stateMachineArn: arn, input: text }, principal);
  else if (service === "logs") {
    const logGroupName = more?.replace(/:\*$/, "") ?? "";
    await call("logs", "PutLogEvents", {
      logGroupName,
      logStreamName: entry.id,
      logEvents: [{ timestamp: Date.parse(entry.time), message: text }],
      createStream: true,
    });
  } else if (service === "events") put(world, busNamed(world, arn), { ...entry, time: new Date(entry.time) });
  else
    throw new ServiceException(
      "NotImplementedBySandbox",
      `The sandbox's event buses deliver nothing to ${arn}`,
      { status: 501 },
    );
}

async function deadLetter(
  world: World,
  rule: Rule,
  target: Target,
  entry: BusEntry,
  why: { code: string; message: string; attempt: number; exhausted: boolean },
): Promise<void> {
  const queue = target.DeadLetterConfig?.Arn;
  if (queue === undefined) return;
  const attribute = (StringValue: string) => ({ DataType: "String", StringValue });
  await world.call({
    service: "sqs",
    operation: "SendMessage",
    principal: { type: "service", service: "events.amazonaws.com", sourceArn: rule.arn },
    input: {
      QueueUrl: `${world.endpoint}/${queue.split(":")[4]}/${queue.split(":")[5]}`,
      MessageBody: JSON.stringify(entry),
      MessageAttributes: {
        RULE_ARN: attribute(rule.arn),
        TARGET_ARN: attribute(target.Arn ?? ""),
        ERROR_CODE: attribute(HOPELESS.test(why.code) ? "NO_PERMISSIONS" : why.code),
        ERROR_MESSAGE: attribute(why.message),
        EXHAUSTED_RETRY_CONDITION: attribute(why.exhausted ? "MaximumRetryAttempts" : "NONE"),
        RETRY_ATTEMPTS: attribute(String(why.attempt)),
      },
    },
  });
}
