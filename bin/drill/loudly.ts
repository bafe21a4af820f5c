import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { tableName } from "../../lib/names.ts";
import { mails } from "../../sandbox/engines/mail.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { EndedRun, Expectation } from "../../scenarios/scenario.ts";
import { until } from "../../scenarios/until.ts";
import type { Broken } from "./breaks.ts";

/** Subjects of the mails that end a run which did not go well. */
const BAD_END = /FAILED|HELD|REFUSED|NEEDS A PERSON|WORSE/i;
/** Machine milliseconds a mail may take after the run's end. */
const MAIL_LONGEST = 20_000;

/** A break that no call met has practised nothing. */
export function breaksMet(broken: Broken[]): Expectation[] {
  return broken.map(({ break: { text }, met }) => ({
    text: `the run met what the drill broke: ${text}`,
    held: met() > 0,
    detail: `${met()} calls`,
  }));
}

/** What a run that something broke owes, if it did not end well: it says so, and holds the service's lock for a person. */
export async function failedLoudly(
  sandbox: Sandbox,
  service: string,
  run: EndedRun,
  acted: boolean,
): Promise<Expectation[]> {
  const name = run.executionArn.split(":").at(-1)!;
  const own = () =>
    mails(sandbox.world).filter(({ subject, text }) => BAD_END.test(subject) && text.includes(name));
  await until("the mail about the end", () => own().length > 0, MAIL_LONGEST).catch(() => undefined); // judged below
  const { Item } = await new DynamoDBClient(sandbox.clientConfig()).send(
    new GetItemCommand({
      TableName: tableName(service),
      Key: { pk: { S: `service#${service}` }, sk: { S: "LOCK" } },
    }),
  );
  const lock = Item?.["state"]?.S ?? "none";
  return [
    { text: "the run ended by itself, as FAILED", held: run.status === "FAILED", detail: run.status },
    {
      text: "somebody was told that it failed",
      held: own().length > 0,
      detail: own()[0]?.subject ?? "no mail says so",
    },
    {
      text: "no other run begins before a person has looked",
      held: lock === "kept" || !acted,
      detail: `the lock is ${lock}; ${acted ? "something had been applied" : "nothing had been applied"}`,
    },
  ];
}
