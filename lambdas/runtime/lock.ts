import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { WatchdogError } from "./errors.ts";
import type { RunContext } from "./protocol.ts";
import { updateRow } from "./rows.ts";
import { dynamodb, keys } from "./store.ts";

/** The service's lock as it is stored. `kept`: a run failed, and a person must release it. */
export interface Lock {
  runId: string;
  generation: number;
  state: "free" | "claimed" | "running" | "kept";
  /** ISO 8601: since when it is in this state. */
  since: string;
}

/** Seconds after which a claim whose run never started may be taken over. */
const CLAIM_SECONDS = 600;

const lockRow = (TableName: string, service: string) => ({
  TableName,
  Key: { pk: { S: keys.partition(service) }, sk: { S: keys.lock } },
});

export async function readLock(table: string, service: string): Promise<Lock | undefined> {
  const { Item } = await dynamodb().send(
    new GetItemCommand({ ...lockRow(table, service), ConsistentRead: true }),
  );
  if (!Item) return undefined;
  return {
    runId: Item["runId"]?.S ?? "",
    generation: Number(Item["generation"]?.N ?? 0),
    state: (Item["state"]?.S ?? "free") as Lock["state"],
    since: Item["since"]?.S ?? "",
  };
}

/** A claim whose run should have been let in by now. It may still be on its way: ask Step Functions. Pure. */
export const isOldClaim = ({ state, since }: Lock, now: number): boolean =>
  state === "claimed" && Date.parse(since) < now - CLAIM_SECONDS * 1000;

/**
 * Whether a run may take the lock as it is. A claim is made before a run is started, so a run that has run, or runs,
 * claims nothing any more: its event was delivered once again. A run that is under way may take what it claimed. Pure.
 */
export function mayTake(
  lock: Lock | undefined,
  runId: string,
  state: "claimed" | "running",
  now: number,
): boolean {
  if (!lock?.runId) return true;
  const mine = lock.runId === runId;
  switch (lock.state) {
    case "free":
      return state === "running" || !mine;
    case "claimed":
      return mine || isOldClaim(lock, now);
    case "running":
      return mine && state === "running";
    case "kept":
      return false;
  }
}

/** Times that a lock is read again which another took or gave back in between. */
const ATTEMPTS = 10;

/**
 * Takes the lock for a run, or finds that it has it already. Another run's lock is left alone and returned.
 * The generation grows each time another run takes it (invariant 9). `read`: the lock as the caller has just read it;
 * it is taken if it still is that one; else, and before the answer is no, it is read again.
 *
 * @throws WatchdogError ServiceUnavailable when the lock was never the same between reading and writing.
 */
export async function takeLock(
  table: string,
  service: string,
  runId: string,
  state: "claimed" | "running",
  now: number,
  read?: { lock: Lock | undefined },
): Promise<{ taken: boolean; lock: Lock }> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const given = attempt === 0 ? read : undefined;
    const seen = given ? given.lock : await readLock(table, service);
    if (seen && !mayTake(seen, runId, state, now)) {
      if (given) continue;
      return { taken: false, lock: seen };
    }
    const mine = seen?.runId === runId && seen.state !== "free";
    if (mine && seen.state === state) return { taken: true, lock: seen };
    const lock: Lock = {
      runId,
      generation: mine ? seen.generation : (seen?.generation ?? 0) + 1,
      state,
      since: new Date(now).toISOString(),
    };
    if (await replaced(table, service, seen, lock)) return { taken: true, lock };
  }
  throw new WatchdogError(
    "ServiceUnavailable",
    `The lock on ${service} changed hands ${ATTEMPTS} times while run ${runId} tried to take it. It was left alone. This is tried again.`,
  );
}

/** Writes a lock in the place of the one that was read; false when it is not that one any more. */
async function replaced(
  table: string,
  service: string,
  seen: Lock | undefined,
  lock: Lock,
): Promise<boolean> {
  return updateRow({
    ...lockRow(table, service),
    UpdateExpression: "SET runId = :run, generation = :generation, #state = :state, since = :now",
    ConditionExpression: seen
      ? "runId = :seenRun AND generation = :seenGeneration AND #state = :seenState AND since = :seenSince"
      : "attribute_not_exists(runId)",
    ExpressionAttributeNames: { "#state": "state" },
    ExpressionAttributeValues: {
      ":run": { S: lock.runId },
      ":generation": { N: String(lock.generation) },
      ":state": { S: lock.state },
      ":now": { S: lock.since },
      ...(seen && {
        ":seenRun": { S: seen.runId },
        ":seenGeneration": { N: String(seen.generation) },
        ":seenState": { S: seen.state },
        ":seenSince": { S: seen.since },
      }),
    },
  });
}

/** Gives back what a run claimed and will not use: one that is not let in, or that has ended long ago. */
export async function giveBackClaim(
  table: string,
  service: string,
  runId: string,
  now: number,
): Promise<void> {
  await letGo(table, service, runId, now, ["claimed"]);
}

/** Frees whatever of the lock a run still holds; another's is left alone. */
export async function freeLock(table: string, service: string, runId: string, now: number): Promise<void> {
  await letGo(table, service, runId, now, ["claimed", "running", "kept"]);
}

/** Frees a lock that this run has in one of these states; any other is left as it is. */
const letGo = (table: string, service: string, runId: string, now: number, from: Lock["state"][]) =>
  updateRow({
    ...lockRow(table, service),
    UpdateExpression: "SET #state = :free, since = :now",
    ConditionExpression: `runId = :run AND #state IN (${from.map((_, index) => `:from${index}`).join(", ")})`,
    ExpressionAttributeNames: { "#state": "state" },
    ExpressionAttributeValues: {
      ":free": { S: "free" },
      ":now": { S: new Date(now).toISOString() },
      ":run": { S: runId },
      ...Object.fromEntries(from.map((state, index) => [`:from${index}`, { S: state }])),
    },
  });

/**
 * Gives the lock back (`free`) or keeps it for a person (`kept`). A lock that another run holds is left alone. A run
 * whose Admit died knows no generation (below zero): it may have taken the lock all the same, under its own id.
 */
export async function endLock(
  table: string,
  run: RunContext,
  state: "free" | "kept",
  now: number,
): Promise<boolean> {
  const known = run.generation >= 0;
  return updateRow({
    ...lockRow(table, run.service),
    UpdateExpression: "SET #state = :state, since = :now",
    ConditionExpression: `runId = :run AND ${known ? "generation = :generation" : "#state = :running"}`,
    ExpressionAttributeNames: { "#state": "state" },
    ExpressionAttributeValues: {
      ":state": { S: state },
      ":now": { S: new Date(now).toISOString() },
      ":run": { S: run.id },
      ...(known ? { ":generation": { N: String(run.generation) } } : { ":running": { S: "running" } }),
    },
  });
}

/** Until when automation is frozen, ISO 8601; undefined when it is not. */
export async function frozenUntil(
  table: string,
  service: string,
  now: number,
): Promise<{ until: string; by: string } | undefined> {
  const { Item } = await dynamodb().send(
    new GetItemCommand({
      TableName: table,
      Key: { pk: { S: keys.partition(service) }, sk: { S: keys.freeze } },
      ConsistentRead: true,
    }),
  );
  const until = Item?.["until"]?.S;
  // An end that cannot be read has not come: the freeze holds until a person lifts it.
  if (until === undefined || Date.parse(until) <= now) return undefined;
  return { until, by: Item?.["by"]?.S ?? "somebody" };
}

/** Throws when another run, or nobody, holds the service's lock (invariant 9). */
export async function holdsLock(table: string, run: RunContext): Promise<void> {
  const lock = await readLock(table, run.service);
  if (!lock || lock.runId !== run.id || lock.generation !== run.generation)
    throw new WatchdogError(
      "StaleGeneration",
      `Run ${run.id} holds generation ${run.generation} of the lock on ${run.service}, and the table says ${lock ? `generation ${lock.generation} of run ${lock.runId}` : "there is no lock"}. ` +
        "This step changed nothing. Follow the run that holds the lock now.",
    );
}

/** Checks, right before a change, that this run may still make it (invariants 9 and 18). */
export async function mayChange(table: string, run: RunContext, now: number): Promise<void> {
  const [, freeze] = await Promise.all([holdsLock(table, run), frozenUntil(table, run.service, now)]);
  if (freeze)
    throw new WatchdogError(
      "Frozen",
      `${freeze.by} froze the automation of ${run.service} until ${freeze.until}. This step changed nothing. Lift the freeze to let runs go on.`,
    );
}

/**
 * Checks, right before a copy is made, that a practice may still make it. It holds no lock: it gives way to a run and
 * to a freeze (invariant 18).
 */
export async function mayPractise(table: string, run: RunContext, now: number): Promise<void> {
  const why = await notNow(table, run.service, now);
  if (why)
    throw new WatchdogError("GaveWay", `Practice ${run.id} of ${run.service} makes nothing more: ${why}.`);
}

/** Why nothing may be practised now; undefined when it may. */
export async function notNow(table: string, service: string, now: number): Promise<string | undefined> {
  const lock = await readLock(table, service);
  if (lock && lock.state !== "free")
    return lock.state === "kept"
      ? `run ${lock.runId} failed and keeps the lock since ${lock.since}`
      : `run ${lock.runId} is under way (${lock.state} since ${lock.since})`;
  const freeze = await frozenUntil(table, service, now);
  return freeze ? `${freeze.by} froze the automation of ${service} until ${freeze.until}` : undefined;
}
