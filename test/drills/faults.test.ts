import { readFile } from "node:fs/promises";
import { ListResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { SFNClient, StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { executionHistory } from "../../bin/drill/history.ts";
import { addFault, type Fault } from "../../sandbox/faults.ts";
import { recordAuthorizations } from "../../sandbox/front/iam/index.ts";
import type { Principal } from "../../sandbox/service.ts";
import { iamState } from "../../sandbox/services/iam/state.ts";
import { until } from "../../scenarios/until.ts";
import { type DrillBench, drillBench, silence } from "./harness.ts";

const byRole = (part: string) => (principal: Principal) =>
  principal.type === "role" && principal.roleArn.includes(part);
const error = (code: string): Fault["harm"] => ({ kind: "error", code, message: `${code}, by the drill` });

/** What each step's own call is made to fail with, for good. */
const FAULTS: Record<string, Fault> = {
  snapshot: { service: "rds", operation: "CreateDBSnapshot", harm: error("SnapshotQuotaExceededFault") },
  fence: {
    service: "secretsmanager",
    operation: "GetSecretValue",
    principal: byRole("Writerrdsfence"),
    harm: error("DecryptionFailure"),
  },
  restore: {
    service: "rds",
    operation: "RestoreDBInstanceToPointInTime",
    harm: error("InsufficientDBInstanceCapacityFault"),
  },
  "provider-key": {
    service: "secretsmanager",
    operation: "UpdateSecretVersionStage",
    harm: error("InvalidParameterException"),
  },
  "database-address": {
    service: "route53",
    operation: "ChangeResourceRecordSets",
    harm: error("InvalidInput"),
  },
};

describe("a run in which a step fails for good", () => {
  let bench: DrillBench;
  let before: Awaited<ReturnType<typeof oldState>>;
  let authorizations: ReturnType<typeof recordAuthorizations>;

  beforeAll(async () => {
    bench = await drillBench("llm-research-lab", {
      change: (plan) => {
        // Started by hand, one after the other; no alarm may start one in between.
        silence(plan);
        plan["watch"] = { ...(plan["watch"] as object), for: "3m", settle: "2m" };
        plan["budget"] = { attempts: 10, perDay: 50, minimumDelay: "0s", eventAge: "15m" };
      },
    });
    await bench.running.release();
    before = await oldState(bench);
    authorizations = recordAuthorizations(bench.sandbox.world);
  }, 120_000);
  afterEach(() => bench.freeLock());
  afterAll(() => bench?.close());

  it.each(Object.keys(FAULTS))(
    "%s: ends reverted, with the old state intact, somebody told and the lock kept",
    async (step) => {
      const heal = addFault(bench.sandbox.world, FAULTS[step]!);
      const mailsBefore = bench.mails().length;

      const run = await bench.run({ reason: `drill: ${step} fails` });
      heal();

      expect(run.status).toBe("FAILED");
      expect(run.states).toContain(`Apply ${step}`);
      expect(run.states).toContain("Keep lock");
      expect(run.states.filter((state) => state.startsWith("Revert")).length).toBeGreaterThan(0);
      expect(await oldState(bench)).toEqual(before);
      await until("the mail about the failure", () =>
        bench
          .mails()
          .slice(mailsBefore)
          .some(({ subject }) => /FAILED/.test(subject)),
      );
      const refusedRun = await bench.run({ reason: "while the lock is kept" });
      expect(refusedRun.states).not.toContain("Decide");
      await bench.freeLock();
    },
    90_000,
  );

  it("each of the six smoke tests fails on a broken endpoint, and so does the run (R16)", async () => {
    const paths = ["/models", "/models/providers", "/experiments", "/datasets", "/prompts", "/metrics"];
    await bench.running.spoil!(paths);

    const run = await bench.run({ reason: "drill: endpoints stay broken" });
    await bench.running.spoil!([]);

    expect(run.status).toBe("FAILED");
    const failed = run.cause!.matchAll(/(smoke-\w+) is failed \(500 in \d+ ms, must be status 200\)/g);
    expect([...failed].map(([, id]) => id)).toEqual(paths.map((path) => `smoke-${path.split("/").at(-1)}`));
    // The service's own readiness knows nothing of it: data and keys are back.
    expect(run.cause).not.toContain("ready is");
    expect(await oldState(bench)).toEqual(before);
  }, 90_000);

  it("finds its own work again when a reply was lost: one snapshot, one restored instance", async () => {
    const heals = [
      addFault(bench.sandbox.world, {
        service: "rds",
        operation: "CreateDBSnapshot",
        nth: 1,
        harm: { kind: "lose-reply" },
      }),
      addFault(bench.sandbox.world, {
        service: "rds",
        operation: "RestoreDBInstanceToPointInTime",
        nth: 1,
        harm: { kind: "lose-reply" },
      }),
      // Far enough to have both behind it.
      addFault(bench.sandbox.world, FAULTS["database-address"]!),
    ];
    const counts = {
      snapshots: await count(bench, "DescribeDBSnapshots"),
      instances: await count(bench, "DescribeDBInstances"),
    };

    const run = await bench.run({ reason: "drill: replies are lost" });
    for (const heal of heals) heal();

    expect(run.states).toContain("Apply database-address");
    expect(await count(bench, "DescribeDBSnapshots")).toBe(counts.snapshots + 1);
    expect(await count(bench, "DescribeDBInstances")).toBe(counts.instances + 1);
  }, 90_000);

  it("over all of them and a run that goes well: nothing was denied, and no role holds an action that nothing used", async () => {
    // A run that is stopped: a rule starts its ladder.
    const states = new SFNClient(bench.sandbox.clientConfig());
    const input = JSON.stringify({ reason: "drill: stopped", dryRun: true });
    const { executionArn } = await states.send(
      new StartExecutionCommand({ stateMachineArn: bench.stateMachineArn, input }),
    );
    // Only then is nothing of it left that could still take the lock.
    await until("it to be let in", async () =>
      (await executionHistory(bench.sandbox, executionArn!)).some(
        ({ stateExitedEventDetails: state }) => state?.name === "Admit",
      ),
    );
    await states.send(new StopExecutionCommand({ executionArn }));
    await until("the rule to start the ladder", () =>
      authorizations().some(
        ({ principal, action }) => /Attendant/.test(principal) && action === "states:StartExecution",
      ),
    );
    await bench.freeLock();
    const run = await bench.run({ reason: "drill: all goes well" });
    const rehearsal = await bench.run({}, undefined, bench.stateMachineArn.replace(/rollback$/, "preflight"));

    expect(rehearsal.status).toBe("SUCCEEDED");
    expect(`${run.status} ${run.error ?? ""} ${run.cause ?? ""}`.trim()).toBe("SUCCEEDED");
    const calls = authorizations();
    expect(calls.filter(({ allowed }) => !allowed)).toEqual([]);
    // What nobody called on: the trigger and the deployment recorder have drills of their own.
    const active = new Set(calls.map(({ principal }) => principal));
    const unused = grantedActions(bench).filter(
      ({ role, action }) =>
        active.has(role) &&
        !USED_BY_AWS.some((each) => matches(each, action)) &&
        !calls.some(({ principal, action: used }) => principal === role && matches(action, used)),
    );
    expect(unused.map(({ role, action }) => `${role.split("/").at(-1)} ${action}`)).toEqual([]);
  }, 120_000);
});

/** What a failed run must leave as it was: the current key, the record, and who may log in to the old database. */
async function oldState({ sandbox }: DrillBench) {
  const aws = sandbox.clientConfig();
  const secrets = new SecretsManagerClient(aws);
  const { VersionIdsToStages = {} } = await secrets.send(
    new DescribeSecretCommand({ SecretId: "llm-research/provider-key" }),
  );
  const { ResourceRecordSets = [] } = await new Route53Client(aws).send(
    new ListResourceRecordSetsCommand({ HostedZoneId: "Z0RESEARCHLAB" }),
  );
  const { SecretString } = await secrets.send(
    new GetSecretValueCommand({ SecretId: "llm-research/database-admin" }),
  );
  const { username, password } = JSON.parse(SecretString!) as { username: string; password: string };
  const { host, port, caFile } = sandbox.databaseConnection("llm-research-db");
  const client = new pg.Client({
    host,
    port,
    user: username,
    password,
    database: "research",
    ssl: { ca: await readFile(caFile, "utf8"), checkServerIdentity: () => undefined },
  });
  await client.connect();
  try {
    const { rows } = await client.query("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'app'");
    return {
      currentKey: Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes("AWSCURRENT"))?.[0],
      database: ResourceRecordSets.find(({ Name }) => Name === "db.llm-research.internal.")?.ResourceRecords,
      mayLogIn: rows[0].rolcanlogin as boolean,
    };
  } finally {
    await client.end();
  }
}

async function count(
  { sandbox }: DrillBench,
  operation: "DescribeDBSnapshots" | "DescribeDBInstances",
): Promise<number> {
  const answer = await sandbox.world.call<Record<string, unknown[]>>({
    service: "rds",
    operation,
    input: {},
    principal: { type: "admin" },
  });
  return answer[operation.replace("Describe", "")]!.length;
}

/** Granted for what AWS does with a role, or for what other drills show. */
const USED_BY_AWS = [
  // Lambda and Step Functions send traces.
  "xray:*",
  // Lambda puts an event that failed into the dead-letter queue.
  "sqs:*",
  // SNS encrypts what is published to the topic.
  "kms:*",
  // Step Functions delivers its log.
  "logs:*Log*",
  "logs:*ResourcePolic*",
  // Used when a plan cannot be carried out, and to judge that: test/bin/preflight.test.ts.
  "iam:SimulatePrincipalPolicy",
  "dynamodb:PutItem",
  "sns:Publish",
  // Used by a rollback that is taken back: test/drills/undo.test.ts.
  "s3:GetObject",
  // Used when an alarm joined a mere notice: test/drills/criteria.test.ts.
  "events:PutEvents",
  // Public zones; the scenario's is private: test/lambdas/actions/dns-failover.
  "route53:TestDNSAnswer",
];

/** Every action that the stack's roles are allowed. */
function grantedActions({ sandbox }: DrillBench): { role: string; action: string }[] {
  return [...iamState(sandbox.world).roles.values()].flatMap(({ arn, inline }) =>
    [...inline.values()]
      .flatMap(({ Statement }) => [Statement ?? []].flat())
      .filter(({ Effect }) => Effect === "Allow")
      .flatMap(({ Action }) => [Action ?? []].flat())
      .map((action) => ({ role: arn, action })),
  );
}

const matches = (granted: string, used: string) =>
  new RegExp(`^${granted.replaceAll("*", ".*")}$`, "i").test(used);
