import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import {
  type ApprovalRequest,
  approvalPartition,
  changesHash,
  linkKey,
  requestKey,
  spanText,
} from "../../lib/plan/approval.ts";
import { approvalRequest } from "../messages/approval-request.ts";
import { clientSettings, once } from "../runtime/clients.ts";
import type { Context } from "../runtime/context.ts";
import { WatchdogError } from "../runtime/errors.ts";
import type { AskEvent } from "../runtime/protocol.ts";
import { readRamp } from "../runtime/ramp.ts";
import { interrupted } from "../runtime/ramp-interrupted.ts";
import { addRow, updateRow } from "../runtime/rows.ts";
import { newSecret } from "../runtime/secret-id.ts";

const metrics = new Metrics({ namespace: "RollbackWatchdog" });
const sns = once(() => new SNSClient(clientSettings));

/**
 * Writes down what is asked, then sends each approver a link of his own. Called again after a crash it gives the
 * question its new task token and sends new links; the older ones stay good, for they lead to the same question.
 */
export async function ask(event: AskEvent, { tableName, now }: Context): Promise<{ asked: string[] }> {
  const { run, token } = event;
  const request = requestOf(event, now());
  const partition = approvalPartition(run.service);
  const key = requestKey(run.id);
  const written = await addRow(tableName, partition, key, {
    request: { S: JSON.stringify(request) },
    hash: { S: request.hash },
    expiresAt: { S: request.asking.expiresAt },
    state: { S: "open" },
    token: { S: token },
  });
  if (!written) await askAgain(tableName, request, token);
  // Whoever ends or turns a ramp writes that first and then looks for the token; so here it is the other way round.
  const came =
    event.ramp === undefined ? undefined : interrupted(event.ramp, await readRamp(tableName, run.service));
  if (came) throw came;

  const asked: string[] = [];
  const failures: unknown[] = [];
  for (const approver of request.asking.approvers)
    try {
      const id = newSecret();
      await addRow(tableName, partition, linkKey(id), {
        run: { S: run.id },
        approver: { S: approver },
        seed: { S: newSecret() },
      });
      await publish(request, approver, `${process.env["PAGE_URL"]!.replace(/\/$/, "")}/${id}`);
      asked.push(approver);
    } catch (error) {
      failures.push(error);
      unpublished(run.service, run.id, approver, error as Error);
    }
  // With nobody to answer, waiting would only lose time.
  if (asked.length === 0) throw failures[0];
  return { asked };
}

function requestOf({ run, decision, changes, asking }: AskEvent, now: number): ApprovalRequest {
  const { level, rule, because } = decision;
  const { atDeadline, ...rest } = asking;
  return {
    run,
    decision: { level, rule, because },
    hash: changesHash(run, level, changes),
    changes: Object.fromEntries(
      Object.entries(changes).map(([step, { before, after, summary, evidence }]) => [
        step,
        { before, after, summary, ...(evidence ? { evidence } : {}) },
      ]),
    ),
    asking: {
      ...rest,
      atDeadline: atDeadline[level] ?? {
        action: "hold",
        because: `the plan says nothing about the level ${level}`,
      },
    },
    askedAt: new Date(now).toISOString(),
  };
}

/** The question was asked before: it gets the token that now waits, unless it is answered already. */
async function askAgain(TableName: string, request: ApprovalRequest, token: string): Promise<void> {
  const updated = await updateRow({
    TableName,
    Key: {
      pk: { S: approvalPartition(request.run.service) },
      sk: { S: requestKey(request.run.id) },
    },
    UpdateExpression: "SET #token = :token",
    ConditionExpression: "#state = :open AND #hash = :hash",
    ExpressionAttributeNames: { "#token": "token", "#state": "state", "#hash": "hash" },
    ExpressionAttributeValues: {
      ":token": { S: token },
      ":open": { S: "open" },
      ":hash": { S: request.hash },
    },
  });
  if (!updated)
    throw new WatchdogError(
      "ApprovalSettled",
      `The question about run ${request.run.id} was answered before it could be asked again. Nothing was changed; the run goes on with that answer.`,
    );
}

/** The filter policy of each approver's subscription lets his own mail through and nobody else's. */
async function publish(request: ApprovalRequest, approver: string, link: string): Promise<void> {
  const { expected } = request.asking;
  const { subject, text } = approvalRequest({
    ...request,
    expected: { change: spanText(expected.changeSeconds), watch: spanText(expected.watchSeconds) },
    approver,
    link,
  });
  await sns().send(
    new PublishCommand({
      TopicArn: process.env["APPROVALS_TOPIC_ARN"],
      Subject: subject,
      Message: text,
      MessageAttributes: { approver: { DataType: "String", StringValue: approver } },
    }),
  );
}

/** Never the link: whoever reads the log could follow it. */
function unpublished(service: string, run: string, approver: string, error: Error): void {
  metrics.addDimension("Service", service);
  metrics.addMetric("FailedNotifications", MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
  console.error(JSON.stringify({ moment: "approval", run, approver, error: error.message }));
}
