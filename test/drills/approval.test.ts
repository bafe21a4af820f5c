import { DeleteItemCommand, DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { executionHistory, variable } from "../../bin/drill/history.ts";
import { mails } from "../../sandbox/engines/mail.ts";
import { addFault } from "../../sandbox/faults.ts";
import { until } from "../../scenarios/until.ts";
import { approver, hiddenFields } from "./approver.ts";
import { watchdog } from "./command.ts";
import { type DrillBench, drillBench, ended, silence } from "./harness.ts";

const LEAD = "lead@llm-research.example";
const ONCALL = "oncall@llm-research.example";
const TABLE = "llm-research-lab-watchdog";

/** Starts a run and waits until its approvers are asked. */
async function asked(bench: DrillBench, name: string, input: object = {}) {
  const states = new SFNClient(bench.sandbox.clientConfig());
  const { executionArn } = await states.send(
    new StartExecutionCommand({
      stateMachineArn: bench.stateMachineArn,
      name,
      input: JSON.stringify({ reason: "drill", by: "somebody-else", level: "config", ...input }),
    }),
  );
  const lead = approver(bench, LEAD);
  return {
    executionArn: executionArn!,
    lead,
    oncall: approver(bench, ONCALL),
    url: await lead.link(name),
    status: async () => (await states.send(new DescribeExecutionCommand({ executionArn }))).status,
    end: () => ended(bench.sandbox, executionArn!),
  };
}

const mailsAbout = (bench: DrillBench, run: string, subject: RegExp) =>
  bench.mails().filter((mail) => mail.text.includes(`Run ${run} of`) && subject.test(mail.subject));

describe("an alarm whose trigger decides approve", () => {
  let bench: DrillBench;
  beforeAll(async () => {
    bench = await drillBench("llm-research-lab", {
      change: (plan) => {
        const [first] = plan["triggers"] as { decision: string }[];
        first!.decision = "approve";
        Object.assign(plan["watch"] as object, { for: "3m", progress: "10m" });
        plan["approval"] = { approvers: [LEAD, ONCALL], deadline: "24h" };
      },
    });
  }, 120_000);
  afterAll(() => bench?.close());

  it("waits for a person, goes on when one approves on the page, and says who it was", async () => {
    const states = new SFNClient(bench.sandbox.clientConfig());
    await bench.running.release();
    const list = () => states.send(new ListExecutionsCommand({ stateMachineArn: bench.stateMachineArn }));
    await until("the alarm to start a run", async () => ((await list()).executions ?? []).length > 0);
    const { executionArn, name: run } = (await list()).executions![0]!;
    const lead = approver(bench, LEAD);
    const url = await lead.link(run!);

    // Mail scanners and previews: as often as they like.
    for (const method of ["HEAD", "GET", "GET"]) expect((await lead.open(url, method)).status).toBe(200);
    const page = await lead.open(url);
    expect(page.body).toContain("database-address");
    expect(page.body).toContain("stays in llm-research-db");
    expect(page.body).toContain("nothing is changed</strong>: data is touched by fence, restore");
    expect((await states.send(new DescribeExecutionCommand({ executionArn }))).status).toBe("RUNNING");
    const waiting = await executionHistory(bench.sandbox, executionArn!);
    const entered = waiting.flatMap((event) => event.stateEnteredEventDetails?.name ?? []);
    expect(entered.at(-1)).toBe("Ask for approval");
    expect(entered.filter((name) => name.startsWith("Apply"))).toEqual([]);

    const answer = await lead.decide(url, "approve", { reason: "checked with the database's owner" });
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toContain("<h1>Approved</h1>");

    const end = await ended(bench.sandbox, executionArn!);
    expect({ status: end.status, cause: end.cause }).toMatchObject({ status: "SUCCEEDED" });
    expect(variable(end.history, "approval")).toMatchObject({
      outcome: "approved",
      by: LEAD,
      via: "page",
      because: expect.stringContaining("checked with the database's owner"),
    });
    for (const subject of [/rollback started/, /rolled back and verified/])
      expect(mailsAbout(bench, run!, subject)[0]!.text).toMatch(/approved: by lead@llm-research\.example/);
    const late = await lead.open(await approver(bench, ONCALL).link(run!));
    expect(late.status).toBe(409);
    expect(late.body).toContain(LEAD);
  }, 180_000);
});

/**
 * A plan of which nothing is started but by hand: at `config` a label moves and nothing else, at `full` a database is
 * made beside the live one.
 */
async function quietBench(deadline: string): Promise<DrillBench> {
  const bench = await drillBench("llm-research-lab", {
    change: (plan) => {
      silence(plan);
      // What approves with a person leads to the smaller level, as a run by hand may ask for it.
      const triggers = plan["triggers"] as { decision: string; level?: string }[];
      for (const trigger of triggers) if (trigger.decision === "approve") trigger.level = "config";
      plan["budget"] = { attempts: 10, perDay: 50, minimumDelay: "0s", eventAge: "15m" };
      const stages = plan["stages"] as { name: string; steps: { id: string }[] }[];
      const step = (id: string) => stages.flatMap(({ steps }) => steps).find((each) => each.id === id);
      const copied = { ...step("restore"), with: { instance: "llm-research-db", to: "latest" } };
      plan["stages"] = [
        { name: "copy", levels: ["full"], steps: [copied] },
        { name: "switch", levels: ["config", "full"], steps: [step("provider-key")] },
      ];
      Object.assign(plan["watch"] as object, { for: "2m", settle: "0s", progress: "10m" });
      plan["objectives"] = {};
      plan["approval"] = { approvers: [LEAD, ONCALL], deadline, fourEyes: true };
    },
  });
  // There is a version to go back to; it holds the same good key.
  const secrets = new SecretsManagerClient(bench.sandbox.clientConfig());
  const SecretId = "llm-research/provider-key";
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId }));
  await secrets.send(new PutSecretValueCommand({ SecretId, SecretString }));
  return bench;
}

describe("an approval", () => {
  let bench: DrillBench;
  const aws = () => bench.sandbox.clientConfig();
  const currentKey = async () =>
    (await new SecretsManagerClient(aws()).send(
      new GetSecretValueCommand({ SecretId: "llm-research/provider-key" }),
    ))!.VersionId;

  beforeAll(async () => {
    bench = await quietBench("24h");
  }, 120_000);
  afterAll(() => bench?.close());

  it("that is rejected ends the run by that name, with nothing changed and the lock free", async () => {
    const before = await currentKey();
    const run = await asked(bench, "rejected-1");

    const answer = await run.lead.decide(run.url, "reject", { reason: "the vendor is at it" });

    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining("<h1>Rejected</h1>") });
    const end = await run.end();
    expect(end.states.at(-1)).toBe("Rejected");
    expect(end.output).toMatchObject({ outcome: "rejected", approval: { by: LEAD } });
    expect(end.states.filter((name) => name.startsWith("Apply"))).toEqual([]);
    expect(await currentKey()).toBe(before);
    await until("the mail about it", () => mailsAbout(bench, "rejected-1", /REJECTED/).length > 0);
    expect(mailsAbout(bench, "rejected-1", /REJECTED/)[0]!.text).toContain("the vendor is at it");
  }, 60_000);

  it("is decided by no wrong form: other hash, other site, stale or no nonce, no confirmation, no form", async () => {
    const run = await asked(bench, "wrong-forms");
    const fields: Record<string, string> = {
      ...hiddenFields((await run.lead.open(run.url)).body),
      confirm: "yes",
      decision: "approve",
    };
    const { nonce = "", ...noNonce } = fields;
    const otherNonce = nonce.slice(0, -1) + (nonce.endsWith("A") ? "B" : "A");
    const attempts: [string, number, Record<string, string>, Record<string, string>?][] = [
      ["another hash", 409, { ...fields, hash: "0".repeat(64) }],
      ["a nonce of another link", 403, { ...fields, nonce: otherNonce }],
      ["no nonce", 403, noNonce],
      ["no confirmation", 422, { ...fields, confirm: "" }],
      ["neither yes nor no", 422, { ...fields, decision: "perhaps" }],
      ["from another site", 403, fields, { "sec-fetch-site": "cross-site" }],
      ["from another origin", 403, fields, { origin: "https://evil.example" }],
      ["not as a form", 403, fields, { "content-type": "text/plain" }],
    ];
    for (const [what, status, form, headers] of attempts)
      expect({ what, status: (await run.lead.post(run.url, form, headers)).status }).toEqual({
        what,
        status,
      });
    const unknown = `${new URL(run.url).origin}/${"A".repeat(43)}`;
    expect((await run.lead.open(unknown)).status).toBe(404);
    expect((await run.lead.post(unknown, fields)).status).toBe(404);
    expect((await run.lead.open(`${new URL(run.url).origin}/favicon.ico`)).status).toBe(404);
    expect((await run.lead.open(run.url, "DELETE")).status).toBe(405);
    // Everything an answer by GET could look like.
    const query = new URLSearchParams(fields).toString();
    expect((await run.lead.open(`${run.url}?${query}`)).status).toBe(200);

    expect(await run.status()).toBe("RUNNING");
    await run.lead.decide(run.url, "reject");
    await run.end();
  }, 60_000);

  it("counts once: whoever comes second is told who was first, and the same answer again changes nothing", async () => {
    const run = await asked(bench, "twice");
    const first = await run.lead.open(run.url);
    const fields = { ...hiddenFields(first.body), confirm: "yes", decision: "reject" };
    expect((await run.lead.post(run.url, fields)).status).toBe(200);

    expect((await run.lead.post(run.url, { ...fields, decision: "approve" })).status).toBe(409);
    expect((await run.lead.post(run.url, fields)).status).toBe(200);
    const other = await run.oncall.link("twice");
    expect(other).not.toBe(run.url);
    const second = await run.oncall.open(other);
    expect(second).toMatchObject({ status: 409, body: expect.stringContaining(`${LEAD} rejected it`) });
    expect((await run.end()).output).toMatchObject({ outcome: "rejected", approval: { by: LEAD } });
  }, 60_000);

  it("survives a crash between the record and the run: the form sent again wakes it", async () => {
    const run = await asked(bench, "crash");
    const heal = addFault(bench.sandbox.world, {
      service: "states",
      operation: "SendTaskSuccess",
      harm: { kind: "error", code: "InvalidParameter", message: "by the drill" },
    });
    const answer = await run.lead.decide(run.url, "reject", { reason: "no" });
    expect(answer).toMatchObject({ status: 502, body: expect.stringContaining("Recorded") });
    expect(await run.status()).toBe("RUNNING");
    heal();

    const sentAgain = await run.lead.post(run.url, hiddenFields(answer.body));

    expect(sentAgain.status).toBe(200);
    expect((await run.end()).output).toMatchObject({
      approval: { by: LEAD, because: expect.stringContaining(": no") },
    });
  }, 60_000);

  it("is not given by who started the run", async () => {
    const run = await asked(bench, "own", { by: "lead" });

    const page = await run.lead.open(run.url);
    expect(page).toMatchObject({ status: 403, body: expect.stringContaining("nobody approves his own") });
    const other = await run.oncall.link("own");
    expect((await run.oncall.decide(other, "reject")).status).toBe(200);
    expect((await run.end()).output).toMatchObject({ approval: { by: ONCALL } });
  }, 60_000);

  it("is given on the command line too, by the caller's own identity, after the changes were shown", async () => {
    const run = await asked(bench, "by-command");

    const asking = await watchdog(bench.sandbox, "approve", run.executionArn);
    expect(asking).toMatchObject({ code: 1, err: expect.stringContaining("Add --yes to approve") });
    expect(asking.out).toMatch(/change +provider-key: /);
    expect(await run.status()).toBe("RUNNING");
    const given = await watchdog(
      bench.sandbox,
      ...["approve", "by-command", "--reject", "--yes", "--reason", "not now", "--json"],
    );

    expect(JSON.parse(given.out)).toMatchObject({ outcome: "rejected", service: "llm-research-lab" });
    expect((await run.end()).output).toMatchObject({
      approval: { by: "arn:aws:iam::123456789012:user/administrator", via: "command line" },
    });
    const late = await watchdog(bench.sandbox, "approve", "by-command", "--yes");
    expect(late).toMatchObject({ code: 1, err: expect.stringContaining("is decided already: rejected by") });
    const unknown = await watchdog(bench.sandbox, "approve", "no-such-run", "--yes");
    expect(unknown).toMatchObject({
      code: 1,
      err: expect.stringContaining("No approval of a run no-such-run"),
    });
  }, 60_000);

  it("is refused on the command line to who started the run there", async () => {
    const identity = "arn:aws:iam::123456789012:user/administrator";
    const run = await asked(bench, "own-command", { identity });

    const given = await watchdog(bench.sandbox, "approve", "own-command", "--yes");

    expect(given).toMatchObject({ code: 1, err: expect.stringContaining("nobody decides his own") });
    await run.lead.decide(run.url, "reject");
    await run.end();
  }, 60_000);

  it("does not go on over a freeze that came during the wait", async () => {
    const run = await asked(bench, "frozen");
    const dynamodb = new DynamoDBClient(aws());
    const Key = { pk: { S: "service#llm-research-lab" }, sk: { S: "FREEZE" } };
    await dynamodb.send(
      new UpdateItemCommand({
        TableName: TABLE,
        Key,
        UpdateExpression: "SET #until = :until, #by = :by",
        ExpressionAttributeNames: { "#until": "until", "#by": "by" },
        ExpressionAttributeValues: { ":until": { S: "2999-01-01T00:00:00.000Z" }, ":by": { S: "ops" } },
      }),
    );

    await run.lead.decide(run.url, "approve");

    const end = await run.end();
    await dynamodb.send(new DeleteItemCommand({ TableName: TABLE, Key }));
    expect(end).toMatchObject({
      status: "FAILED",
      error: "Held",
      cause: expect.stringContaining("ops froze"),
    });
    expect(end.states.filter((name) => name.startsWith("Apply"))).toEqual([]);
  }, 60_000);

  it("keeps its tokens in the account: no page, mail or log holds one, and no link's id is in the table", async () => {
    const run = await asked(bench, "secrets");
    const page = await run.lead.open(run.url);
    const { Items = [] } = await bench.sandbox.world.call<{ Items: Record<string, { S?: string }>[] }>({
      service: "dynamodb",
      operation: "Scan",
      input: { TableName: TABLE },
      principal: { type: "admin" },
    });
    const row = Items.find((item) => item["sk"]?.S === "REQUEST#secrets")!;
    const token = row["token"]!.S!;
    const id = run.url.split("/").at(-1)!;

    expect(token.length).toBeGreaterThan(10);
    expect(page.body).not.toContain(token);
    for (const mail of bench.mails()) expect(mail.text).not.toContain(token);
    expect(JSON.stringify(Items)).not.toContain(id);
    expect(page.headers["content-security-policy"]).toMatch(/^default-src 'none'; style-src 'sha256-/);
    await run.lead.decide(run.url, "reject");
    await run.end();
  }, 60_000);
});

describe("an approval that nobody gives", () => {
  let bench: DrillBench;
  beforeAll(async () => {
    bench = await quietBench("8m");
  }, 120_000);
  afterAll(() => bench?.close());

  it.each([
    { level: "config", outcome: "goes on", because: /only switch/ },
    { level: "full", outcome: "holds", because: /data is touched by restore/ },
  ])(
    "without an answer $outcome at level $level, by the risk of its steps",
    async ({ level, because }) => {
      const name = `deadline-${level}`;
      const run = await asked(bench, name, { level });
      const request = mails(bench.sandbox.world).find(
        ({ to, text }) => to === LEAD && text.includes(run.url),
      )!;
      expect(request.text.replace(/\s+/g, " ")).toMatch(because);

      const end = await run.end();

      const answer = variable(end.history, "approval") as { via: string; because: string };
      expect(answer).toMatchObject({ via: "deadline", because: expect.stringMatching(because) });
      const gone = await run.lead.open(run.url);
      expect(gone.status).toBe(409);
      if (level === "config") {
        expect({ status: end.status, cause: end.cause }).toMatchObject({ status: "SUCCEEDED" });
        expect(end.states).toContain("Apply provider-key");
      } else {
        expect(end).toMatchObject({ status: "FAILED", error: "Held" });
        expect(end.states.filter((each) => each.startsWith("Apply"))).toEqual([]);
        await until("the mail", () => mailsAbout(bench, name, /HELD/).length > 0);
      }
    },
    120_000,
  );
});
