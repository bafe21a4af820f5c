import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
  type RegisterScalableTargetCommandInput,
  type ScalableDimension,
} from "@aws-sdk/client-application-auto-scaling";
import type * as z from "zod";
import { clientSettings, once } from "../../runtime/clients.ts";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { autoscalingSuspend, dimensionOf } from "./spec.ts";

const scaling = once(() => new ApplicationAutoScalingClient(clientSettings));
type Input = z.output<typeof autoscalingSuspend.input>;
type Before = z.output<typeof autoscalingSuspend.before>;

const KINDS = [
  "DynamicScalingInSuspended",
  "DynamicScalingOutSuspended",
  "ScheduledScalingSuspended",
] as const;
type Suspended = Record<(typeof KINDS)[number], boolean>;

const idOf = (input: Input) => ({
  ServiceNamespace: input.namespace,
  ScalableDimension: dimensionOf(input) as ScalableDimension,
});

async function read(input: Input): Promise<Before> {
  const { ScalableTargets: [found] = [] } = await scaling().send(
    new DescribeScalableTargetsCommand({ ...idOf(input), ResourceIds: [input.resource] }),
  );
  if (!found)
    throw refusal(
      `${input.resource} is not scaled by Application Auto Scaling (${dimensionOf(input)}). Nothing was changed. Correct the plan.`,
    );
  const suspended = Object.fromEntries(KINDS.map((kind) => [kind, found.SuspendedState?.[kind] ?? false]));
  return { min: found.MinCapacity ?? 0, max: found.MaxCapacity ?? 0, suspended };
}

/** What the target is to be. Pure. */
export function wanted(input: Pick<Input, "suspend" | "min" | "max">, before: Before): Before {
  const { suspend } = input;
  return {
    min: input.min ?? before.min,
    max: input.max ?? before.max,
    suspended:
      suspend === undefined ? before.suspended : Object.fromEntries(KINDS.map((kind) => [kind, suspend])),
  };
}

const same = (left: Before, right: Before) =>
  left.min === right.min &&
  left.max === right.max &&
  KINDS.every((kind) => left.suspended[kind] === right.suspended[kind]);

function inWords({ min, max, suspended }: Before): string {
  const count = KINDS.filter((kind) => suspended[kind]).length;
  return `${min} to ${max}, ${count === 0 ? "scaling" : count === KINDS.length ? "suspended" : "partly suspended"}`;
}

async function put(input: Input, from: Before, to: Before): Promise<void> {
  const now = await read(input);
  if (same(now, to)) return;
  if (!same(now, from))
    throw new WatchdogError(
      "ChangedSincePreflight",
      `${input.resource} is ${inWords(now)}, and this run knows "${inWords(from)}" and "${inWords(to)}" only. It was left alone. Find out who changed it.`,
    );
  await scaling().send(
    new RegisterScalableTargetCommand({
      ...idOf(input),
      ResourceId: input.resource,
      MinCapacity: to.min,
      MaxCapacity: to.max,
      SuspendedState: to.suspended as Suspended,
    } satisfies RegisterScalableTargetCommandInput),
  );
}

const answer = ({ resource }: Input, now: Before) => ({
  note: `${resource}: ${inWords(now)}`,
  outputs: { min: now.min, max: now.max },
});

export const verbs: Verbs<Input, Before> = {
  async preflight(input) {
    const before = await read(input);
    const after = wanted(input, before);
    if (after.min > after.max)
      throw refusal(
        `${input.resource} would get the bounds ${after.min} to ${after.max}. Nothing was changed. Correct the plan.`,
      );
    return {
      before,
      after: { ...after },
      summary: same(before, after)
        ? `${input.resource} is ${inWords(before)} already`
        : `${input.resource}: ${inWords(before)} → ${inWords(after)}`,
      expects: { min: after.min, max: after.max },
    };
  },
  async apply(input, { before }) {
    const after = wanted(input, before);
    await put(input, before, after);
    return { done: true, ...answer(input, after) };
  },
  async revert(input, { before }) {
    await put(input, wanted(input, before), before);
    return { done: true, ...answer(input, before) };
  },
  async poll(input, { before }, { phase }) {
    const now = await read(input);
    return { done: same(now, phase === "apply" ? wanted(input, before) : before), ...answer(input, now) };
  },
};

export const handler = serveAction(autoscalingSuspend, verbs);
