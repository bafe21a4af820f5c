import { AddTagsToResourceCommand, type DBInstance } from "@aws-sdk/client-rds";
import type pg from "pg";
import { WatchdogError } from "../../runtime/errors.ts";
import type { RunContext } from "../../runtime/protocol.ts";
import { DEAD, findInstance, rds, tagOf } from "../../runtime/rds/instances.ts";
import { connectedForPlan } from "../../runtime/sql/database.ts";
import { madeName } from "../../runtime/tokens.ts";
import type { Asked } from "./bisect.ts";

const MOMENT = "watchdog:restored-to";
const VERDICT = "watchdog:integrity";

/** Where the data can be asked, and what. */
export interface Question {
  database: string;
  secret: string;
  integrity: string;
}

/** Tags that say what a candidate is: everything the bisection knows stands on the instances themselves. */
export const momentTag = (at: number) => ({ Key: MOMENT, Value: new Date(at).toISOString() });

export const candidateName = (instance: string, run: RunContext, step: string, number: number) =>
  madeName(instance, run.id, `${step}/candidate-${number}`);

/** Whether the data is well. Throws when the query says neither. */
export async function isWell(
  question: Question,
  at: { address: string; port: number },
  of: string,
): Promise<boolean> {
  const value = await connectedForPlan(question, at, 60, async (client) => {
    await client.query("BEGIN TRANSACTION READ ONLY");
    // The extended protocol takes one statement only.
    const { rows } = await client.query({
      text: question.integrity,
      queryMode: "extended",
    } as pg.QueryConfig);
    await client.query("ROLLBACK");
    return Object.values((rows[0] ?? {}) as Record<string, unknown>)[0];
  });
  if (typeof value !== "boolean")
    throw new WatchdogError(
      "WorkFailed",
      `The integrity query says neither true nor false of ${of}: ${value === undefined ? "no row" : JSON.stringify(value)}. The source was not touched. Correct the query.`,
    );
  return value;
}

/** What is known of the candidates, in the order they were restored. */
export interface Known {
  answers: Asked[];
  names: string[];
  /** The newest one, where it has not been asked yet. */
  open?: DBInstance;
}

/** Reads every candidate of a step. Throws when one can never be asked. */
export async function candidatesOf(instance: string, run: RunContext, step: string): Promise<Known> {
  const known: Known = { answers: [], names: [] };
  for (;;) {
    const name = candidateName(instance, run, step, known.names.length);
    const found = await findInstance(name);
    if (!found) return known;
    if (tagOf(found, "watchdog:run") !== run.id)
      throw new WatchdogError(
        "ChangedSincePreflight",
        `An instance ${name} exists that this run did not make. It was left alone. Nothing was changed.`,
      );
    if (DEAD.includes(found.DBInstanceStatus ?? ""))
      throw new WatchdogError(
        "WorkFailed",
        `RDS made the candidate ${name}, and it is ${found.DBInstanceStatus}. The source was not touched. See the events of ${name}.`,
      );
    known.names.push(name);
    const verdict = tagOf(found, VERDICT);
    if (verdict === undefined) return { ...known, open: found };
    known.answers.push({ at: Date.parse(tagOf(found, MOMENT) ?? ""), good: verdict === "good" });
  }
}

/** Asks a candidate that is available, and writes the answer on it. */
export async function ask(question: Question, candidate: DBInstance): Promise<Asked> {
  const { Address = "", Port = 5432 } = candidate.Endpoint ?? {};
  const good = await isWell(question, { address: Address, port: Port }, candidate.DBInstanceIdentifier!);
  await rds().send(
    new AddTagsToResourceCommand({
      ResourceName: candidate.DBInstanceArn,
      Tags: [{ Key: VERDICT, Value: good ? "good" : "bad" }],
    }),
  );
  return { at: Date.parse(tagOf(candidate, MOMENT) ?? ""), good };
}
