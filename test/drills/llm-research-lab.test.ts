import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Expectation } from "../../scenarios/scenario.ts";
import { until } from "../../scenarios/until.ts";
import { type DrillBench, drillBench, type EndedExecution, ended } from "./harness.ts";
import { incident, WHOLE_INCIDENT } from "./incident.ts";

describe("a release that damages the research lab's database", () => {
  let bench: DrillBench;
  let run: EndedExecution;
  let executions: number;
  let broken: string[];
  let expectations: Expectation[];

  beforeAll(async () => {
    // The same plan with a watch of five minutes instead of thirty: five machine seconds.
    bench = await drillBench("llm-research-lab", {
      speed: "held",
      load: 1,
      change: (plan) => {
        Object.assign(plan["watch"] as object, { for: "5m", progress: "2m" });
        // A busy machine may need a quarter of an hour of the drill's clock; then people are called, and rightly.
        Object.assign(plan["escalation"] as object, { notRestoredAfter: "45m" });
        plan["followUps"] = [
          { what: "Tell stakeholders.", within: "2m" },
          { what: "Hold the review.", within: "48h" },
        ];
      },
    });
    ({ run, executions, broken, expectations } = await incident(bench));
  }, WHOLE_INCIDENT);
  afterAll(() => bench?.close());

  it("is repaired by one run that succeeds", () => {
    expect({ status: run.status, error: run.error, cause: run.cause }).toMatchObject({ status: "SUCCEEDED" });
    expect(executions).toBe(1);
  });

  it("keeps what must always hold", () => {
    expect(broken).toEqual([]);
  });

  it("loses no row that was committed before the restore point and keeps none of the damage", () => {
    const broken = expectations.filter((each) => !each.held);

    expect(broken).toEqual([]);
    expect(expectations.length).toBeGreaterThanOrEqual(7);
  });

  it("resolves every change before it makes the first", () => {
    const firstApply = run.states.findIndex((name) => name.startsWith("Apply "));
    const lastPreflight = run.states.findLastIndex((name) => name.startsWith("Preflight "));

    expect(firstApply).toBeGreaterThan(0);
    expect(lastPreflight).toBeGreaterThan(0);
    expect(lastPreflight).toBeLessThan(firstApply);
  });

  it("backs up, fences, restores and only then switches", () => {
    const order = ["snapshot", "fence", "restore", "database-address"].map((step) =>
      run.states.indexOf(`Apply ${step}`),
    );

    expect(order.every((index) => index >= 0)).toBe(true);
    expect(order).toEqual(order.toSorted((left, right) => left - right));
  });

  it("tells the engineers at the start, during the watch and at the end", async () => {
    // Only theirs, in the order in which they were sent: mails to others come in between.
    const subjects = () =>
      bench
        .mails()
        .filter(({ to, subject }) => /^engineers@/.test(to) && !/due now after a rollback/.test(subject))
        .map(({ subject }) => subject);
    await until("the last mail", () =>
      subjects().some((subject) => /rolled back and verified/.test(subject)),
    );

    expect(subjects()[0]).toMatch(/start/i);
    expect(subjects().length).toBeGreaterThanOrEqual(3);
    expect(subjects().at(-1)).toMatch(/(restored|complete|succeeded|rolled back)/i);
    for (const subject of subjects()) expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
  });

  it("tells users and stakeholders in their own words, and calls nobody: it was restored in time", async () => {
    const to = (name: string) =>
      bench
        .mails()
        .filter((mail) => mail.to === `${name}@llm-research.example`)
        .map(({ subject }) => subject);
    await until("the last mails", () => to("users").length >= 2 && to("stakeholders").length >= 2);

    expect(to("users")).toEqual([
      "llm-research-lab: we are repairing a problem",
      "llm-research-lab: the problem is solved, service restored",
    ]);
    expect(to("stakeholders")).toEqual([
      "llm-research-lab: going back to the last good version",
      "llm-research-lab: rolled back, verified and stable",
    ]);
    expect(to("engineering-manager")).toEqual([]);
    const states = new SFNClient(bench.sandbox.clientConfig());
    const stateMachineArn = bench.stateMachineArn.replace(/-rollback$/, "-escalation");
    const { executions: ladders = [] } = await states.send(new ListExecutionsCommand({ stateMachineArn }));
    expect(ladders.map(({ name }) => name)).toEqual([`${run.executionArn.split(":").at(-1)}-not-restored`]);
    const ladder = await ended(bench.sandbox, ladders[0]!.executionArn!);
    expect(ladder.output).toMatchObject({ outcome: "not needed" });
  }, 90_000);

  it("names its outcome in the machine's output, at the end of the last mail, and in the history", async () => {
    const last = () => bench.mails().find(({ subject }) => /rolled back and verified/.test(subject));
    await until("the last mail", () => last() !== undefined);
    const { Items = [] } = await new DynamoDBClient(bench.sandbox.clientConfig()).send(
      new QueryCommand({
        TableName: `${bench.service}-watchdog`,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :run)",
        ExpressionAttributeValues: { ":pk": { S: `service#${bench.service}` }, ":run": { S: "RUN#" } },
      }),
    );

    expect(run.output).toMatchObject({ outcome: "rolled back" });
    expect(last()!.text.trimEnd().split("\n")).toContain("Outcome: rolled back.");
    expect(Items.flatMap(({ ending }) => ending?.S ?? [])).toEqual(["rolled back"]);
  });

  it("writes a report with the metric's curve, the data-loss window, what code still says otherwise", async () => {
    const { bucket, key } = (run.output as { report: { bucket: string; key: string } }).report;
    const s3 = new S3Client({ ...bench.sandbox.clientConfig(), forcePathStyle: true });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const page = await Body!.transformToString();

    expect(page).toContain('<svg class="chart"');
    expect(page).toMatch(/Data-loss window[\s\S]{0,200}what was written from/);
    expect(page).toContain("llm-research-db, as it is, with everything that was written after");
    expect(page).toMatch(/dns-record Z0RESEARCHLAB/);
    expect(page).not.toContain("could not be read");
  });

  it("reminds of what is due, when it is due", async () => {
    const reminder = () => bench.mails().filter(({ subject }) => /due now after a rollback/.test(subject));
    await until("the first reminder", () => reminder().length > 0);

    expect(reminder().map(({ to }) => to)).toEqual(["engineers@llm-research.example"]);
    expect(reminder()[0]!.text).toContain("- Tell stakeholders.");
  });

  it("lets no password or key into the history or the mails", async () => {
    const { GetSecretValueCommand, SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
    const secrets = new SecretsManagerClient(bench.sandbox.clientConfig());
    const written =
      JSON.stringify(run.history) +
      bench
        .mails()
        .map((mail) => mail.subject + mail.text)
        .join("\n");

    for (const SecretId of [
      "llm-research/database",
      "llm-research/database-admin",
      "llm-research/provider-key",
    ]) {
      const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId }));
      const { password, key } = JSON.parse(SecretString!) as { password?: string; key?: string };
      expect((password ?? key)!.length).toBeGreaterThan(10);
      expect(written).not.toContain(password ?? key);
    }
  });
});
