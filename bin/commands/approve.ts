import { createInterface } from "node:readline/promises";
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  paginateListTables,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { DescribeStateMachineCommand, SendTaskSuccessCommand } from "@aws-sdk/client-sfn";
import type { Command } from "commander";
import { tableName } from "../../lib/names.ts";
import {
  type Answer,
  answerUpdate,
  approvalPartition,
  closed,
  isRequester,
  type KeptApproval,
  keptApproval,
  requestKey,
  spanText,
} from "../../lib/plan/approval.ts";
import { printable } from "../printable.ts";
import { type AwsOptions, answer, callerArn, dynamodb, stateMachineArn, states } from "./aws.ts";

interface ApproveOptions extends AwsOptions {
  reject: boolean;
  reason?: string;
  service?: string;
  yes: boolean;
}

/** The end of every table that a watchdog keeps. */
const TABLE_END = tableName("");

/** `watchdog approve RUN`: the way beside the page, for whoever has the rights in AWS. */
export function addApprove(program: Command): void {
  program
    .command("approve")
    .description("show what a waiting run would change, then let it go on, or with --reject end it")
    .argument("<run>", "id of the run, or the ARN of its execution")
    .option("--reject", "end the run; nothing is changed", false)
    .option("--reason <text>", "in every mail and in the report")
    .option("--service <service>", "whose run it is; looked up among all watchdogs' tables unless given")
    .option("--yes", "do not ask again after the changes were shown", false)
    .option("--region <region>")
    .option("--json", "print one JSON object instead of text")
    .addHelpText(
      "after",
      '\nExamples:\n  watchdog approve error-rate-1a2b3c4d5e6f --reason "checked with the owner of the data"\n  watchdog approve error-rate-1a2b3c4d5e6f --reject --yes\n',
    )
    .action(async (run: string, options: ApproveOptions) => {
      const client = dynamodb(options);
      const kept = await findRequest(client, run, options.service);
      const { request } = kept;
      const by = await callerArn(options);
      if (!options.json) console.log(printable(shown(kept)));
      const wanted = options.reject ? "rejected" : "approved";
      const repeated = kept.answer?.by === by && kept.answer.outcome === wanted;
      if (!repeated) {
        await mustBeOpen(kept, options, by);
        if (!(await confirmed(options, wanted))) throw new Error("Nothing was decided.");
      }
      const given: Answer = {
        outcome: wanted,
        by,
        via: "command line",
        at: new Date().toISOString(),
        ...(options.reason ? { reason: options.reason.slice(0, 500) } : {}),
      };
      if (!repeated) await record(client, kept, given);
      await wake(options, kept.token);
      answer(
        options,
        `Run ${request.run.id} of ${request.run.service} is ${wanted} by ${by}. Look with: watchdog status ${request.run.service}`,
        { run: request.run.id, service: request.run.service, outcome: wanted, by, hash: request.hash },
      );
    });
}

/** The question about a run, in the table of its service. */
async function findRequest(client: DynamoDBClient, given: string, service?: string): Promise<KeptApproval> {
  // arn:aws:states:us-east-1:123456789012:execution:orders-rollback:run-1
  const [, machine, name] = /:execution:([^:]+):(.+)$/.exec(given) ?? [];
  const run = name ?? given;
  const ofArn = machine?.replace(/-(?:rollback|undo|redeploy)$/, "");
  for (const each of await services(client, service ?? ofArn)) {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: tableName(each),
        Key: { pk: { S: approvalPartition(each) }, sk: { S: requestKey(run) } },
        ConsistentRead: true,
      }),
    );
    if (Item) return keptApproval(Item as Parameters<typeof keptApproval>[0]);
  }
  throw new Error(
    `No approval of a run ${run} is asked for in this account and region${service ? ` by the watchdog of ${service}` : ""}. ` +
      "Nothing was decided. Check the run's id, AWS_PROFILE and AWS_REGION.",
  );
}

async function services(client: DynamoDBClient, given: string | undefined): Promise<string[]> {
  if (given !== undefined) return [given];
  const found: string[] = [];
  for await (const { TableNames = [] } of paginateListTables({ client }, {}))
    found.push(
      ...TableNames.filter((name) => name.endsWith(TABLE_END)).map((name) =>
        name.slice(0, -TABLE_END.length),
      ),
    );
  return found;
}

/** What the page shows, as text. */
function shown({ request, state, answer: given }: KeptApproval): string {
  const { run, decision, asking, changes } = request;
  const goesOn = asking.atDeadline.action === "rollback";
  return [
    `Run ${run.id} of ${run.service}, begun ${run.startedAt}`,
    `  why       rule ${decision.rule}, level ${decision.level}: ${decision.because}`,
    ...Object.entries(changes).flatMap(([step, { summary, evidence = [] }]) => [
      `  change    ${step}: ${summary}`,
      ...evidence.map((line) => `            (${line})`),
    ]),
    ...asking.dataSteps.flatMap((step) => (changes[step] ? [`  set aside ${changes[step].summary}`] : [])),
    `  takes     at least ${spanText(asking.expected.changeSeconds)}, then ${spanText(asking.expected.watchSeconds)} of watching`,
    `  deadline  ${asking.expiresAt}; without an answer ${goesOn ? "the rollback goes on" : "nothing is changed"}: ${asking.atDeadline.because}`,
    `  state     ${state}${given ? ` by ${given.by} at ${given.at}` : ""}`,
  ].join("\n");
}

async function mustBeOpen(kept: KeptApproval, options: ApproveOptions, by: string): Promise<void> {
  const { run, asking } = kept.request;
  const why = closed(kept, Date.now(), await deployedPlan(options, run.service));
  if (why === "decided")
    throw new Error(
      `Run ${run.id} is decided already: ${kept.answer ? `${kept.answer.outcome} by ${kept.answer.by}` : "its deadline passed"}. Nothing was changed.`,
    );
  if (why === "expired")
    throw new Error(`The deadline of run ${run.id} passed at ${asking.expiresAt}. Nothing was decided.`);
  // A run of an old plan may always be ended.
  if (why === "plan-changed" && !options.reject)
    throw new Error(
      `The plan of ${run.service} was changed since run ${run.id} asked, so an approval is void. Nothing was decided. ` +
        "End the run with --reject, and start another one.",
    );
  if (isRequester(run, by))
    throw new Error(`${by} started run ${run.id}, and nobody decides his own. Nothing was decided.`);
}

/** Hash of the plan that is deployed now, as the state machine hands it to Admit. */
async function deployedPlan(options: AwsOptions, service: string): Promise<string> {
  const { definition = "{}" } = await states(options).send(
    new DescribeStateMachineCommand({ stateMachineArn: await stateMachineArn(options, service) }),
  );
  const { States } = JSON.parse(definition) as {
    States?: { Admit?: { Arguments?: { Payload?: { plan?: string } } } };
  };
  return States?.Admit?.Arguments?.Payload?.plan ?? "";
}

async function confirmed({ yes, json }: ApproveOptions, wanted: Answer["outcome"]): Promise<boolean> {
  if (yes) return true;
  const word = wanted === "approved" ? "approve" : "reject";
  if (json || !process.stdin.isTTY)
    throw new Error(`Nothing was decided: nobody can be asked here. Add --yes to ${word}.`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`Type "${word}" to ${word}: `)).trim() === word;
  } finally {
    terminal.close();
  }
}

async function record(client: DynamoDBClient, kept: KeptApproval, given: Answer): Promise<void> {
  const { run } = kept.request;
  try {
    await client.send(new UpdateItemCommand(answerUpdate(tableName(run.service), kept, given)));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    throw new Error(
      `Run ${run.id} was decided, or its deadline passed, while you looked. Nothing of your answer was recorded.`,
      { cause: error },
    );
  }
}

/** The answer is in the table; a task that is over was woken before, or reads it at its deadline. */
async function wake(options: AwsOptions, taskToken: string): Promise<void> {
  try {
    await states(options).send(new SendTaskSuccessCommand({ taskToken, output: '{"answered":true}' }));
  } catch (error) {
    if (["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"].includes((error as Error).name)) return;
    throw new Error(
      `Your answer is recorded, and the run could not be woken: ${(error as Error).message}. ` +
        "Give the same command again; else the run reads your answer at its deadline.",
      { cause: error },
    );
  }
}
