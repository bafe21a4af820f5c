import { ConditionalCheckFailedException, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { readRow, updateRow } from "./rows.ts";
import { dynamodb, keys } from "./store.ts";

/** The service's newest ramp as it is stored: one row, which outlives crashes and redeploys. */
export interface Ramp {
  run: string;
  state: "on" | "over";
  version: string;
  startedAt: string;
  /** When its machine's own timeout has passed, so that no ramp is on for ever. */
  expiresAt: string;
  executionArn: string;
  /** Name of the step it entered last. */
  step: string;
  /** When that step began to change production: the key of the deployment it recorded. */
  deployedAt: string | undefined;
  /** The same of the first step that did. */
  firstDeployedAt: string | undefined;
  /** Token of the hold that waits; never leaves the account. */
  token: string | undefined;
  /** What fired first, in words. */
  fired: string | undefined;
  firedAt: string | undefined;
  /** When anything fired last. */
  lastFiredAt: string | undefined;
  /** Id of the run that began meanwhile, or was asked for. */
  overtakenBy: string | undefined;
  /** Another version that was deployed meanwhile. */
  replacedBy: string | undefined;
  /** Id of the question that approvers were asked last. */
  asks: string | undefined;
  /** When it was over. */
  endedAt: string | undefined;
}

export async function readRamp(table: string, service: string): Promise<Ramp | undefined> {
  const row = await readRow(table, keys.partition(service), keys.ramp);
  if (!row?.["run"]?.S) return undefined;
  const text = (name: string) => row[name]?.S;
  return {
    run: row["run"].S,
    state: text("state") === "on" ? "on" : "over",
    version: text("version") ?? "",
    startedAt: text("startedAt") ?? "",
    expiresAt: text("expiresAt") ?? "",
    executionArn: text("executionArn") ?? "",
    step: text("step") ?? "",
    deployedAt: text("deployedAt"),
    firstDeployedAt: text("firstDeployedAt"),
    token: text("token"),
    fired: text("fired"),
    firedAt: text("firedAt"),
    lastFiredAt: text("lastFiredAt"),
    overtakenBy: text("overtakenBy"),
    replacedBy: text("replacedBy"),
    asks: text("asks"),
    endedAt: text("endedAt"),
  };
}

/** A ramp is on until it says that it is over, or its time is. Pure. */
export const isOn = (ramp: Ramp | undefined, now: number): ramp is Ramp =>
  ramp?.state === "on" && Date.parse(ramp.expiresAt) > now;

/** Writes the row of a ramp that begins; false when another one is on. The same one again is no other. */
export async function beginRamp(
  table: string,
  service: string,
  ramp: Pick<Ramp, "run" | "version" | "startedAt" | "expiresAt" | "executionArn">,
  now: number,
): Promise<boolean> {
  const seen = await readRamp(table, service);
  const other: Ramp | undefined = seen;
  if (isOn(other, now)) return other.run === ramp.run;
  try {
    await dynamodb().send(
      new PutItemCommand({
        TableName: table,
        Item: {
          pk: { S: keys.partition(service) },
          sk: { S: keys.ramp },
          state: { S: "on" },
          ...Object.fromEntries(Object.entries(ramp).map(([name, value]) => [name, { S: value }])),
        },
        ConditionExpression: seen ? "#run = :seen AND #state = :state" : "attribute_not_exists(#run)",
        ExpressionAttributeNames: { "#run": "run", ...(seen ? { "#state": "state" } : {}) },
        ...(seen
          ? { ExpressionAttributeValues: { ":seen": { S: seen.run }, ":state": { S: seen.state } } }
          : {}),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** What is written about a ramp while it is on. */
type Field =
  | "step"
  | "deployedAt"
  | "firstDeployedAt"
  | "token"
  | "fired"
  | "firedAt"
  | "lastFiredAt"
  | "overtakenBy"
  | "replacedBy"
  | "asks"
  | "endedAt"
  | "state";

/**
 * Writes fields of a ramp that is on; false when it is on no longer. `once`: fields that keep their first value.
 * `undisturbed`: false as well when something fired, a rollback began or another version was deployed.
 */
export async function writeRamp(
  table: string,
  service: string,
  run: string,
  fields: Partial<Record<Field, string>>,
  { once = [], undisturbed = false }: { once?: Field[]; undisturbed?: boolean } = {},
): Promise<boolean> {
  const given = Object.entries(fields) as [Field, string][];
  const set = given.map(([name]) =>
    once.includes(name) ? `#${name} = if_not_exists(#${name}, :${name})` : `#${name} = :${name}`,
  );
  return updateRow({
    TableName: table,
    Key: { pk: { S: keys.partition(service) }, sk: { S: keys.ramp } },
    UpdateExpression: `SET ${set.join(", ")}`,
    ConditionExpression: `#run = :run AND #state = :on${
      undisturbed
        ? " AND attribute_not_exists(#fired) AND attribute_not_exists(#overtakenBy) AND attribute_not_exists(#replacedBy)"
        : ""
    }`,
    ExpressionAttributeNames: {
      "#run": "run",
      "#state": "state",
      ...(undisturbed
        ? { "#fired": "fired", "#overtakenBy": "overtakenBy", "#replacedBy": "replacedBy" }
        : {}),
      ...Object.fromEntries(given.map(([name]) => [`#${name}`, name])),
    },
    ExpressionAttributeValues: {
      ":run": { S: run },
      ":on": { S: "on" },
      ...Object.fromEntries(given.map(([name, value]) => [`:${name}`, { S: value }])),
    },
  });
}
