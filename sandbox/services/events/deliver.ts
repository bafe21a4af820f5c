import { randomInt, randomUUID } from "node:crypto";
import type { Target } from "@aws-sdk/client-eventbridge";
import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { putMetric } from "../monitoring/metrics.ts";
import type { BusEntry } from "./bus-entry.ts";
import { deadLetter, type Failure } from "./dead-letter.ts";
import { compilePattern } from "./pattern/index.ts";
import { type Bus, eventsState, isEnabled, type Rule } from "./state.ts";
import { send } from "./targets.ts";

const DAY_SECONDS = 86_400;
const ATTEMPTS = 185;
const LONGEST_WAIT_SECONDS = 300;
/** Errors that trying again does not mend: straight to the dead-letter queue (AWS-FACTS §6). */
const HOPELESS: [pattern: RegExp, code: Failure["code"]][] = [
  [/AccessDenied|AuthorizationError|NotAuthorized/i, "NO_PERMISSIONS"],
  [/NotFound|NonExistent|DoesNotExist|InvalidArn/i, "NO_RESOURCE"],
  [/Validation|Invalid|INVALID_JSON|NotImplementedBySandbox/i, "INVALID_PARAMETER"],
];

/** Time as events carry it: whole seconds. */
export const second = (at: number) => new Date(at).toISOString().replace(/\.\d+Z$/, "Z");

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
    time: second(event.time?.getTime() ?? world.clock.now()),
    region: world.region,
    resources: event.resources ?? [],
    detail: event.detail,
  };
  route(world, bus, entry);
  return entry.id;
}

/** Gives an event to the rules of a bus that match it. */
export function route(world: World, bus: Bus, entry: BusEntry): void {
  for (const rule of bus.rules.values()) {
    if (!isEnabled(rule) || rule.pattern === undefined || !compilePattern(rule.pattern)(entry)) continue;
    metric(world, rule, "MatchedEvents");
    deliverToTargets(world, rule, entry);
  }
}

/** Delivers to each target of a rule; what fails is retried, and kept in the target's dead-letter queue if it has one. */
export function deliverToTargets(world: World, rule: Rule, entry: BusEntry): void {
  if (rule.targets.size > 0) metric(world, rule, "TriggeredRules");
  for (const target of rule.targets.values())
    void withRetries(world, rule, target, entry, second(world.clock.now()));
}

/** Never rejects: what was not delivered is in the log, in `AWS/Events` and in the dead-letter queue. */
async function withRetries(
  world: World,
  rule: Rule,
  target: Target,
  entry: BusEntry,
  ingestedAt: string,
): Promise<void> {
  const { stopped } = eventsState(world);
  const most = target.RetryPolicy?.MaximumRetryAttempts ?? ATTEMPTS;
  const until = world.clock.now() + (target.RetryPolicy?.MaximumEventAgeInSeconds ?? DAY_SECONDS) * 1000;
  for (let retries = 0; ; retries += 1) {
    try {
      metric(world, rule, retries === 0 ? "Invocations" : "RetryInvocationAttempts");
      await send(world, rule, target, entry, ingestedAt, (bus, given) => route(world, bus, given));
      return;
    } catch (error) {
      if (stopped.aborted) return;
      const failure = classify(error, retries, most, world.clock.now() >= until);
      if (failure) return giveUp(world, rule, target, entry, failure);
      try {
        const seconds = Math.min(2 ** retries, LONGEST_WAIT_SECONDS);
        await world.clock.sleep(seconds * randomInt(500, 1000), stopped);
      } catch {
        return; // the sandbox stopped while the event waited
      }
    }
  }
}

/** Undefined while another attempt can help. */
function classify(error: unknown, retries: number, most: number, tooOld: boolean): Failure | undefined {
  const name = error instanceof ServiceException ? error.code : (error as Error).name;
  const { message } = error as Error;
  const hopeless = HOPELESS.find(([pattern]) => pattern.test(name))?.[1];
  if (hopeless) return { code: hopeless, message, retries };
  const code = /Throttl|TooManyRequests|LimitExceeded/i.test(name) ? "THROTTLING" : "SDK_CLIENT_ERROR";
  if (tooOld) return { code, message, retries, exhausted: "MaximumEventAgeInSeconds" };
  if (retries >= most) return { code, message, retries, exhausted: "MaximumRetryAttempts" };
  return undefined;
}

async function giveUp(
  world: World,
  rule: Rule,
  target: Target,
  entry: BusEntry,
  failure: Failure,
): Promise<void> {
  metric(world, rule, "FailedInvocations");
  world.log(
    "events",
    `${rule.name} → ${target.Arn}: given up after ${failure.retries + 1} attempt(s): ${failure.message}`,
    {
      rule: rule.name,
      target: target.Arn,
      code: failure.code,
    },
  );
  if (!target.DeadLetterConfig?.Arn) return;
  try {
    await deadLetter(world, rule, target, entry, failure);
    metric(world, rule, "InvocationsSentToDlq");
  } catch (error) {
    metric(world, rule, "InvocationsFailedToBeSentToDlq");
    world.log(
      "events",
      `${rule.name}: event ${entry.id} is lost, its dead-letter queue ${target.DeadLetterConfig.Arn} did not take it: ${(error as Error).message}`,
    );
  }
}

function metric(world: World, rule: Rule, name: string): void {
  const bus: Record<string, string> = rule.bus === "default" ? {} : { EventBusName: rule.bus };
  putMetric(world, "AWS/Events", name, 1, { ...bus, RuleName: rule.name }, "Count");
}
