import { ConditionalCheckFailedException, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { INCIDENT } from "./incident.ts";
import type { EscalateEvent, EscalationCause } from "./protocol.ts";
import { dynamodb, keys, tellKeys } from "./store.ts";

/** A service's escalation ladder as it is stored: one at a time, whatever called it. */
export interface Ladder {
  /** Grows with each change. */
  version: number;
  /** The run that it is about, and the name of its own execution. */
  run: string;
  ladder: string;
  cause: EscalationCause;
  /** `over`: it ended without an acknowledgement. */
  state: "open" | "acknowledged" | "over";
  /** ISO 8601. */
  since: string;
  rung: number;
  /** ISO 8601: a ladder that is open and has not moved by then is dead, and another may take its place. */
  movesBy: string;
  by?: string;
  at?: string;
}

/** Whether a rung is to be announced. */
export interface Standing {
  over: boolean;
  note: string;
}

/** How late a rung may come before its ladder counts as dead. */
const SLACK = 900_000;
const TRIES = 5;

const goOn = (note: string): Standing => ({ over: false, note });
const over = (note: string): Standing => ({ over: true, note });

/** What to do at a rung, from what is stored. Pure. */
export function standing(
  stored: Ladder | undefined,
  { run, escalation }: EscalateEvent,
  now: number,
): Standing {
  if (!stored || stored.state === "over") return goOn("the first rung");
  const acknowledged = `${stored.by ?? "somebody"} acknowledged run ${stored.run} at ${stored.at ?? "?"}`;
  if (stored.ladder === escalation.ladder)
    return stored.state === "acknowledged" ? over(acknowledged) : goOn("nobody has acknowledged");
  if (stored.state === "acknowledged") {
    if (stored.run === run.id) return over(acknowledged);
    // It also covers other runs of its incident that only say that attempts are used up.
    const fresh = now - Date.parse(stored.at ?? stored.since) < INCIDENT;
    return fresh && escalation.cause === "exhausted" ? over(acknowledged) : goOn("a new incident");
  }
  return Date.parse(stored.movesBy) >= now
    ? over(`the ladder of run ${stored.run} climbs already, since ${stored.since}`)
    : goOn(`the ladder of run ${stored.run} has not moved since its rung ${stored.rung}`);
}

export async function readLadder(TableName: string, service: string): Promise<Ladder | undefined> {
  const { Item } = await dynamodb().send(
    new GetItemCommand({ TableName, Key: keyOf(service), ConsistentRead: true }),
  );
  const text = Item?.["ladder"]?.S;
  return text === undefined
    ? undefined
    : ({ ...(JSON.parse(text) as Ladder), version: Number(Item?.["version"]?.N) } as Ladder);
}

const keyOf = (service: string) => ({
  pk: { S: tellKeys.partition(service) },
  sk: { S: tellKeys.ladder },
});

/** Takes a rung: whoever acknowledged, or another ladder that climbs, ends this one. */
export async function climb(table: string, event: EscalateEvent, now: number): Promise<Standing> {
  const { run, escalation } = event;
  for (let attempt = 0; ; attempt += 1) {
    const stored = await readLadder(table, run.service);
    const found = standing(stored, event, now);
    if (found.over) return found;
    const mine = stored?.ladder === escalation.ladder;
    const next: Ladder = {
      version: (stored?.version ?? 0) + 1,
      run: run.id,
      ladder: escalation.ladder,
      cause: escalation.cause,
      state: "open",
      since: mine ? stored.since : new Date(now).toISOString(),
      rung: escalation.rung,
      movesBy: new Date(now + escalation.nextSeconds * 1000 + SLACK).toISOString(),
    };
    if (await write(table, run.service, next, stored)) return found;
    if (attempt >= TRIES) return goOn("the ladder changed again and again while it was read");
  }
}

/** Ends a ladder that nobody acknowledged, or that is needed no more. */
export async function endLadder(table: string, service: string, ladder: string): Promise<void> {
  const stored = await readLadder(table, service);
  if (stored?.ladder !== ladder || stored.state !== "open") return;
  // A person who acknowledges at this very moment wins.
  await write(table, service, { ...stored, version: stored.version + 1, state: "over" }, stored);
}

async function write(
  TableName: string,
  service: string,
  next: Ladder,
  seen: Ladder | undefined,
): Promise<boolean> {
  try {
    await dynamodb().send(
      new PutItemCommand({
        TableName,
        Item: {
          ...keyOf(service),
          version: { N: String(next.version) },
          ladder: { S: JSON.stringify(next) },
        },
        ConditionExpression: seen ? "version = :seen" : "attribute_not_exists(version)",
        ...(seen ? { ExpressionAttributeValues: { ":seen": { N: String(seen.version) } } } : {}),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** Whether a run needs nobody any more for the time it takes: verified, or ended one way or the other. */
export async function settled(TableName: string, service: string, run: string): Promise<string | undefined> {
  const read = async (pk: string, sk: string) =>
    (
      await dynamodb().send(
        new GetItemCommand({ TableName, Key: { pk: { S: pk }, sk: { S: sk } }, ConsistentRead: true }),
      )
    ).Item;
  const restored = await read(tellKeys.partition(service), tellKeys.restored(run));
  if (restored) return `run ${run} was verified at ${restored["at"]?.S ?? "?"}`;
  const ended = await read(keys.partition(service), keys.run(run));
  const outcome = ended?.["outcome"]?.S;
  return outcome ? `run ${run} ended: ${outcome}` : undefined;
}
