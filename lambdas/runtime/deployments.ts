import { type AttributeValue, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { WatchdogError } from "./errors.ts";
import { VERSION } from "./names.ts";
import type { Deployment } from "./protocol.ts";
import { updateRow } from "./rows.ts";
import { dynamodb, keys } from "./store.ts";

/** A release's name, which whoever may put events on the bus chooses. */
export const Version = z.string().max(100).regex(VERSION.pattern, VERSION.says);

/** Detail of the event `Deployment` (source `watchdog.deployment`) that any pipeline may send. */
export const DeploymentDetail = z.object({
  service: z.string(),
  version: Version,
  previousVersion: Version.optional(),
  // One way of writing it: the moment is the row's key, and keys are compared as texts.
  startedAt: z.iso.datetime().transform((text) => new Date(text).toISOString()),
  migration: z.boolean().optional(),
  stable: z.boolean().optional(),
});

/**
 * Records a deployment; the same one twice is one row, and what runs have found out about it stays.
 *
 * @throws WatchdogError BadInput when another version is recorded for this very moment: a version that a run rolled back
 * from would no longer be known to be bad.
 */
export async function recordDeployment(
  table: string,
  detail: z.output<typeof DeploymentDetail>,
): Promise<void> {
  const { service, ...deployment } = detail;
  const written = await updateRow({
    TableName: table,
    Key: { pk: { S: keys.partition(service) }, sk: { S: keys.deployment(deployment.startedAt) } },
    UpdateExpression: "SET deployment = :deployment, #version = :version",
    ConditionExpression: "attribute_not_exists(#version) OR #version = :version",
    ExpressionAttributeNames: { "#version": "version" },
    ExpressionAttributeValues: {
      ":deployment": { S: JSON.stringify(deployment) },
      ":version": { S: deployment.version },
    },
  });
  if (!written)
    throw new WatchdogError(
      "BadInput",
      `Another version than ${deployment.version} of ${service} is recorded as deployed at ${deployment.startedAt}. It was left as it is. ` +
        "Announce each deployment with the moment at which it began.",
    );
}

/** The deployments that began between two moments (epoch milliseconds), newest first. */
export async function deployments(
  table: string,
  service: string,
  from: number,
  to: number,
): Promise<Deployment[]> {
  const found: Deployment[] = [];
  let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
  do {
    const page = await dynamodb().send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
        ExpressionAttributeValues: {
          ":pk": { S: keys.partition(service) },
          ":from": { S: keys.deployment(new Date(from).toISOString()) },
          ":to": { S: keys.deployment(new Date(to).toISOString()) },
        },
        ScanIndexForward: false,
        ConsistentRead: true,
        ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
      }),
    );
    for (const { deployment, rolledBackBy, takenBackBy } of page.Items ?? [])
      if (deployment?.S)
        found.push({
          ...(JSON.parse(deployment.S) as Deployment),
          ...(rolledBackBy?.S ? { rolledBackBy: rolledBackBy.S } : {}),
          ...(takenBackBy?.S ? { takenBackBy: takenBackBy.S } : {}),
        });
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return found;
}

/**
 * Marks a deployment as rolled back from: its version is no target any more (invariant 10). The first run to say so
 * stays. `takenBackBy`: only this step of a ramp was, so the deployment still explains what rings on.
 */
export async function markRolledBack(
  table: string,
  service: string,
  deployment: Deployment,
  run: string,
  as: "rolledBackBy" | "takenBackBy" = "rolledBackBy",
): Promise<void> {
  await dynamodb().send(
    new UpdateItemCommand({
      TableName: table,
      Key: { pk: { S: keys.partition(service) }, sk: { S: keys.deployment(deployment.startedAt) } },
      UpdateExpression: `SET ${as} = if_not_exists(${as}, :run)`,
      ConditionExpression: "attribute_exists(sk)",
      ExpressionAttributeValues: { ":run": { S: run } },
    }),
  );
}

/**
 * The version to go back to from `bad`: the newest one before it that saw its watch through – somebody said so, or it
 * ran for `stableAfterSeconds` without a run – and that no run ever rolled back from (invariant 10). Undefined when
 * there is none: then nothing is known to be good. Pure.
 */
export function lastGood(
  deployed: Deployment[],
  bad: Deployment,
  runs: { startedAt: string }[],
  stableAfterSeconds: number,
): Deployment | undefined {
  const newestFirst = deployed.toSorted((left, right) => right.startedAt.localeCompare(left.startedAt));
  const knownBad = new Set([
    bad.version,
    ...newestFirst.flatMap(({ version, rolledBackBy, takenBackBy }) =>
      rolledBackBy || takenBackBy ? [version] : [],
    ),
  ]);
  return newestFirst.find((candidate, index) => {
    if (candidate.startedAt >= bad.startedAt || knownBad.has(candidate.version)) return false;
    if (candidate.stable) return true;
    const from = Date.parse(candidate.startedAt);
    const next = newestFirst[index - 1];
    const end = Math.min(from + stableAfterSeconds * 1000, next ? Date.parse(next.startedAt) : Infinity);
    const disturbed = runs.some(
      ({ startedAt }) => Date.parse(startedAt) >= from && Date.parse(startedAt) <= end,
    );
    return !disturbed && end - from >= stableAfterSeconds * 1000;
  });
}
