import * as z from "zod";
import { deployments, lastGood } from "../runtime/deployments.ts";
import { handBack } from "../runtime/hand-back.ts";
import { recordStart, runsSince } from "../runtime/history.ts";
import { attemptsUsedUp } from "../runtime/incident.ts";
import { frozenUntil, giveBackClaim, type Lock, mayTake, readLock, takeLock } from "../runtime/lock.ts";
import { oneLine } from "../runtime/one-line.ts";
import type { AdmitAnswer, AdmitEvent, AdmitOutcome, RunContext } from "../runtime/protocol.ts";
import { overtake } from "../runtime/ramp-wake.ts";
import { serve } from "../runtime/serve.ts";

const DAY = 86_400_000;
/** How far back deployments and runs are read. */
const LOOK_BACK = 90 * DAY;

/** What a person may type, and what the trigger function sends. Anything else is refused before it means anything. */
const Input = z.object({
  reason: z.string().max(2000).transform(oneLine).default("started by hand"),
  dryRun: z.boolean().default(false),
  level: z.string().max(40).optional(),
  by: z.string().max(200).transform(oneLine).optional(),
  identity: z.string().max(2048).optional(),
  undo: z.string().min(1).max(80).optional(),
  trigger: z
    .discriminatedUnion("type", [
      z.object({
        type: z.literal("alarm"),
        criterion: z.string(),
        alarmName: z.string(),
        alarmArn: z.string(),
        since: z.iso.datetime(),
        reason: z.string(),
      }),
      z.object({
        type: z.literal("event"),
        criterion: z.string(),
        source: z.string(),
        detailType: z.string(),
        at: z.iso.datetime(),
        reason: z.string().optional(),
      }),
    ])
    .optional(),
});

/** Lets one run at a time in, within its budget, unless a person froze the service (invariants 1, 11, 18). */
export const handler = serve("admit", async (event: AdmitEvent, { tableName, now }): Promise<AdmitAnswer> => {
  const parsed = Input.safeParse(event.input ?? {});
  const input = parsed.success ? parsed.data : Input.parse({});
  const { service, budget } = event;
  const trigger: RunContext["trigger"] = input.trigger ?? {
    type: "manual",
    by: input.by ?? "somebody",
    ...(input.level ? { level: input.level } : {}),
    ...(input.identity ? { identity: input.identity } : {}),
  };
  const at = beganAt(trigger, event.execution.startTime);
  // Side by side: what is read decides nothing until all of it is there, and the lock is only taken as it was read.
  const [runs, deployed, freeze, lock] = await Promise.all([
    runsSince(tableName, service, now() - LOOK_BACK),
    deployments(tableName, service, at - LOOK_BACK, at),
    frozenUntil(tableName, service, now()),
    readLock(tableName, service),
  ]);
  const deployment = deployed.find(
    ({ startedAt }) => at - Date.parse(startedAt) <= event.deploymentWindowSeconds * 1000,
  );
  const good = deployment && lastGood(deployed, deployment, runs, event.stableAfterSeconds);
  const run: RunContext = {
    id: event.execution.name,
    service,
    startedAt: event.execution.startTime,
    generation: 0,
    dryRun: input.dryRun || event.observe,
    ...(event.observe ? { observed: true } : {}),
    reason: input.reason,
    ...(input.undo ? { undoes: input.undo } : {}),
    trigger,
    ...(deployment ? { deployment } : {}),
    ...(good ? { lastGood: { version: good.version, deployedAt: good.startedAt } } : {}),
    plan: event.plan,
  };
  // Who is not let in leaves nothing behind: no claim, and no alarm that counts on this run.
  const not = async (outcome: AdmitOutcome, reason: string): Promise<AdmitAnswer> => {
    await giveBackClaim(tableName, service, run.id, now());
    await handBack(tableName, run, now());
    return { admitted: false, outcome, reason, run };
  };
  if (!parsed.success)
    return not(
      "refused",
      `the execution's input does not fit: ${parsed.error.issues.map(({ path, message }) => `${path.join(".") || "input"}: ${message}`).join("; ")}`,
    );

  if (event.undo !== (run.undoes !== undefined))
    return not(
      "refused",
      event.undo
        ? 'this machine takes a rollback back, and the input names none; start it with {"undo": "<run>", "reason": "…"}'
        : `the input asks to take run ${run.undoes} back, which another state machine does; use watchdog undo`,
    );
  if (freeze) return not("frozen", `${freeze.by} froze the automation of ${service} until ${freeze.until}`);
  if (lock?.state === "kept" && lock.runId !== run.id)
    return not(
      "refused",
      `run ${lock.runId} failed and kept the lock on ${service} (since ${lock.since}); a person must release it first`,
    );

  const earlier = runs.filter(({ id, startedAt }) => id !== run.id && now() - Date.parse(startedAt) < DAY);
  const usedUp = attemptsUsedUp(earlier, budget, now());
  if (usedUp) return not("exhausted", usedUp);
  const changing = earlier.filter(
    ({ outcome }) => outcome === "succeeded" || outcome === "failed" || outcome === undefined,
  );
  if (changing.length >= budget.perDay)
    return not(
      "exhausted",
      `${changing.length} runs began in the last 24 hours; the plan allows ${budget.perDay}`,
    );
  const ended = changing
    .flatMap(({ endedAt }) => (endedAt ? [Date.parse(endedAt)] : []))
    .toSorted((left, right) => right - left)[0];
  if (trigger.type !== "manual" && ended !== undefined && now() - ended < budget.minimumDelaySeconds * 1000)
    return not(
      "refused",
      `the last run ended ${Math.round((now() - ended) / 1000)} s ago; the plan asks for ${budget.minimumDelaySeconds} s between two`,
    );

  if (trigger.type !== "manual" && mayTake(lock, run.id, "running", now()) && !isClaimedBy(lock, run.id))
    return not(
      "refused",
      `the input says that ${trigger.criterion} began this run, and nothing claimed the lock for it, as the trigger function does; to start a run by hand leave "trigger" out`,
    );
  const { taken, lock: held } = await takeLock(tableName, service, run.id, "running", now(), { lock });
  // A ramp is no run to join: it ends after the change that it is making.
  if (endsRamp(event, run)) {
    const ramp = await overtake(tableName, service, run.id, now());
    if (!taken && held.runId === ramp?.run)
      return not(
        "refused",
        `ramp ${ramp.run} of version ${ramp.version} is changing something at this moment; it ends after that, so start the run again in a few minutes`,
      );
  }
  if (!taken) return not("joined", `run ${held.runId} is under way since ${held.since}`);
  const admitted = { ...run, generation: held.generation };
  await recordStart(tableName, admitted);
  return { admitted: true, outcome: "admitted", reason: `lock generation ${held.generation}`, run: admitted };
});

/**
 * Whether the trigger function claimed the lock for a run, or the run has taken it since. Whoever may start executions can
 * type that an alarm began one; only that function writes the claim. Pure.
 */
const isClaimedBy = (lock: Lock | undefined, run: string): boolean =>
  lock?.runId === run && (lock.state === "claimed" || lock.state === "running");

/** Whether a run ends a ramp that is on: it may change something, or a person asks for it. */
const endsRamp = ({ overtakes }: AdmitEvent, { dryRun, trigger }: RunContext): boolean =>
  overtakes !== undefined && !dryRun && (trigger.type === "manual" || overtakes.includes(trigger.criterion));

/** When what began the run happened, epoch milliseconds: later deployments cannot be its cause. */
function beganAt(trigger: RunContext["trigger"], executionStart: string): number {
  if (trigger.type === "alarm") return Date.parse(trigger.since);
  return Date.parse(trigger.type === "event" ? trigger.at : executionStart);
}
