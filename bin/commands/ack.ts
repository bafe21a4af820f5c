import { userInfo } from "node:os";
import { ConditionalCheckFailedException, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { Command } from "commander";
import { tableName } from "../../lib/names.ts";
import { type AwsOptions, answer, dynamodb, keyOf, ofService, servicesHere } from "./aws.ts";

/** The ladder as lambdas/runtime/ladder.ts keeps it, as far as an acknowledgement needs it. */
interface Ladder {
  run: string;
  state: "open" | "acknowledged" | "over";
  since: string;
  rung: number;
  by?: string;
  at?: string;
}

/** `watchdog ack RUN`: somebody is on it; the escalation ladder of this run calls nobody any more. */
export function addAck(program: Command): void {
  program
    .command("ack")
    .description("take over: the escalation ladder of a run stops calling people")
    .argument("<run>", "the run's id, as it stands in every mail")
    .option("--service <service>", "its service; looked for among the watchdogs of this account unless given")
    .option("--by <name>", "who takes over", userInfo().username)
    .option("--region <region>")
    .option("--json")
    .addHelpText(
      "after",
      "\nExamples:\n  watchdog ack error-rate-0123456789ab --by alice\n  watchdog ack error-rate-0123456789ab --service llm-research-lab\n",
    )
    .action(async (run: string, options: AwsOptions & { service?: string; by: string }) => {
      const service = options.service ?? (await serviceOf(options, run));
      await ofService(service, () => acknowledge(options, service, run));
    });
}

async function acknowledge(
  options: AwsOptions & { by: string },
  service: string,
  run: string,
): Promise<void> {
  const client = dynamodb(options);
  const key = ladderKey(service);
  const { Item } = await client.send(new GetItemCommand({ ...key, ConsistentRead: true }));
  const ladder = Item?.["ladder"]?.S ? (JSON.parse(Item["ladder"].S) as Ladder) : undefined;
  if (ladder?.run !== run) throw new Error(await whyNot(options, service, run, ladder));
  if (ladder.state === "acknowledged") {
    answer(options, `${ladder.by} acknowledged run ${run} already, at ${ladder.at}. Nothing was changed.`, {
      service,
      run,
      by: ladder.by,
      at: ladder.at,
      already: true,
    });
    return;
  }
  if (ladder.state === "over")
    throw new Error(
      `The ladder of run ${run} has ended: it began at ${ladder.since} and came to rung ${ladder.rung}. Nobody is being called, so nothing was recorded.`,
    );
  const version = Number(Item!["version"]!.N);
  const at = new Date().toISOString();
  const next: Ladder = { ...ladder, state: "acknowledged", by: options.by, at };
  try {
    await client.send(
      new PutItemCommand({
        TableName: tableName(service),
        Item: {
          ...key.Key,
          version: { N: String(version + 1) },
          ladder: { S: JSON.stringify({ ...next, version: version + 1 }) },
        },
        ConditionExpression: "version = :seen",
        ExpressionAttributeValues: { ":seen": { N: String(version) } },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    // A rung came in between: look again, and take it over as it is now.
    return acknowledge(options, service, run);
  }
  answer(
    options,
    `${options.by} has run ${run} of ${service}. Its ladder calls nobody any more; it stood at rung ${ladder.rung}.`,
    { service, run, by: options.by, at, already: false },
  );
}

const ladderKey = (service: string) => ({
  TableName: tableName(service),
  Key: { pk: { S: `tell#${service}` }, sk: { S: "LADDER" } },
});

/** Why there is nothing to acknowledge. */
async function whyNot(
  options: AwsOptions,
  service: string,
  run: string,
  ladder: Ladder | undefined,
): Promise<string> {
  const { Item } = await dynamodb(options).send(
    new GetItemCommand({ ...keyOf(service, `RUN#${run}`), ConsistentRead: true }),
  );
  const other = ladder?.state === "open" ? ` The ladder that climbs is of run ${ladder.run}.` : "";
  if (!Item)
    return `There is no run ${run} of ${service}. Nothing was recorded.${other} Look with: watchdog history ${service}`;
  const outcome = Item["outcome"]?.S;
  return outcome
    ? `Run ${run} of ${service} ended at ${Item["endedAt"]?.S ?? "?"} (${outcome}), and nobody is being called for it. Nothing was recorded.${other}`
    : `Run ${run} of ${service} is under way, and nobody is being called for it. Nothing was recorded.${other}`;
}

/** The service whose watchdog knows a run. */
async function serviceOf(options: AwsOptions, run: string): Promise<string> {
  const services = await servicesHere(options);
  for (const service of services) {
    const client = dynamodb(options);
    const [ladder, row] = await Promise.all([
      client.send(new GetItemCommand({ ...ladderKey(service), ConsistentRead: true })),
      client.send(new GetItemCommand({ ...keyOf(service, `RUN#${run}`), ConsistentRead: true })),
    ]);
    if (row.Item || ladder.Item?.["ladder"]?.S?.includes(JSON.stringify(run))) return service;
  }
  throw new Error(
    `No watchdog in this account and region knows a run ${run}${services.length > 0 ? ` (looked at ${services.join(", ")})` : ""}. ` +
      "Nothing was recorded. Check the run's id, AWS_PROFILE and AWS_REGION.",
  );
}
