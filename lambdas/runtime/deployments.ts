import { PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { Deployment } from "./protocol.ts";
import { dynamodb, keys } from "./store.ts";

/** Detail of the event `Deployment` (source `watchdog.deployment`) that any pipeline may send. */
export const DeploymentDetail = z.object({
  service: z.string(),
  version: z.string().min(1).max(100),
  previousVersion: z.string().max(100).optional(),
  startedAt: z.iso.datetime(),
  migration: z.boolean().optional(),
});

/** Records a deployment; the same one twice is one row. */
export async function recordDeployment(
  table: string,
  detail: z.output<typeof DeploymentDetail>,
): Promise<void> {
  const { service, ...deployment } = detail;
  await dynamodb().send(
    new PutItemCommand({
      TableName: table,
      Item: {
        pk: { S: keys.partition(service) },
        sk: { S: keys.deployment(deployment.startedAt) },
        deployment: { S: JSON.stringify(deployment) },
      },
    }),
  );
}

/** The newest deployment that began at or before a moment, if it began within `windowSeconds` of it. */
export async function lastDeployment(
  table: string,
  service: string,
  before: number,
  windowSeconds: number,
): Promise<Deployment | undefined> {
  const { Items = [] } = await dynamodb().send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
      ExpressionAttributeValues: {
        ":pk": { S: keys.partition(service) },
        ":from": { S: keys.deployment(new Date(before - windowSeconds * 1000).toISOString()) },
        ":to": { S: keys.deployment(new Date(before).toISOString()) },
      },
      ScanIndexForward: false,
      Limit: 1,
      ConsistentRead: true,
    }),
  );
  const text = Items[0]?.["deployment"]?.S;
  return text === undefined ? undefined : (JSON.parse(text) as Deployment);
}
