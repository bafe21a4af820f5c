import { type AttributeValue, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { tableName } from "../../lib/names.ts";
import { approvalPartition, keptApproval, requestKey } from "../../lib/plan/approval.ts";
import { type AwsOptions, dynamodb } from "./aws.ts";

/** A ramp that goes on, as `watchdog status` shows it. */
export interface RampOn {
  run: string | undefined;
  version: string | undefined;
  /** Name of the step it entered last; undefined before the first. */
  step: string | undefined;
  startedAt: string | undefined;
  /** When its machine's own timeout has passed. */
  expiresAt: string | undefined;
  /** What came between, in words: it goes back or ends in the next moments. */
  interrupted?: string;
  /** The question that its approvers have not answered. */
  asks?: { question: string; expiresAt: string };
}

/** What the ramp's row says, and whether it waits for an approval. */
export async function rampOn(
  options: AwsOptions,
  service: string,
  row: Record<string, AttributeValue>,
): Promise<RampOn> {
  const text = (name: string) => row[name]?.S;
  const question = text("asks");
  const interrupted =
    text("overtakenBy") !== undefined
      ? `run ${text("overtakenBy")} began`
      : text("replacedBy") !== undefined
        ? `version ${text("replacedBy")} was deployed`
        : text("fired");
  const asks = question === undefined ? undefined : await openQuestion(options, service, question);
  return {
    run: text("run"),
    version: text("version"),
    step: text("step"),
    startedAt: text("startedAt"),
    expiresAt: text("expiresAt"),
    ...(interrupted === undefined ? {} : { interrupted }),
    ...(asks ? { asks } : {}),
  };
}

async function openQuestion(options: AwsOptions, service: string, question: string) {
  const { Item } = await dynamodb(options).send(
    new GetItemCommand({
      TableName: tableName(service),
      Key: { pk: { S: approvalPartition(service) }, sk: { S: requestKey(question) } },
      ConsistentRead: true,
    }),
  );
  if (!Item) return undefined;
  const { state, request } = keptApproval(Item as Parameters<typeof keptApproval>[0]);
  return state === "open" ? { question, expiresAt: request.asking.expiresAt } : undefined;
}

/** For people. */
export function rampLines({ run, version, step, startedAt, expiresAt, interrupted, asks }: RampOn): string[] {
  return [
    `redeploy ${version} is at ${step ?? "the start"}, ramp ${run}, since ${startedAt}, until ${expiresAt} at the latest`,
    ...(interrupted ? [`redeploy it does not go on: ${interrupted}`] : []),
    ...(asks
      ? [`redeploy it waits for an approval until ${asks.expiresAt}: watchdog approve ${asks.question}`]
      : []),
  ];
}
