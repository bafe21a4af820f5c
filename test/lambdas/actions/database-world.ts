import { chmodSync } from "node:fs";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import pg from "pg";
import { actions } from "../../../lambdas/actions/registry.ts";
import type { Change, ProgressAnswer, RunContext } from "../../../lambdas/runtime/protocol.ts";
import type { StepContext, Verbs } from "../../../lambdas/runtime/serve-action.ts";
import { startDns } from "../../../sandbox/engines/dns.ts";
import { installNetwork } from "../../../sandbox/engines/functions/bootstrap/network.ts";
import { ec2 } from "../../../sandbox/services/ec2/index.ts";
import { rds } from "../../../sandbox/services/rds/index.ts";
import { connectionOf, endpointName, instanceNamed } from "../../../sandbox/services/rds/state.ts";
import { s3 } from "../../../sandbox/services/s3/index.ts";
import { secretsmanager } from "../../../sandbox/services/secretsmanager/index.ts";
import { until } from "../../../scenarios/until.ts";
import { openWorld, type TestWorld } from "../../sandbox/front/harness.ts";
import { trust } from "../checks/trust.ts";
import { lambdaEnvironment } from "../environment.ts";
import { run as anyRun } from "../events.ts";

const PASSWORD = "canary-password";
export const INSTANCE = "lab";
export const SECRET = "lab/database";

/** A world with one real database, in which verbs run in this process. */
export async function databaseWorld(options: { retentionDays?: number } = {}) {
  const test: TestWorld = await openWorld([ec2, s3, rds, secretsmanager]);
  lambdaEnvironment(test);
  chmodSync(test.world.root, 0o755); // PostgreSQL runs as another user when the tests run as root
  const call = <Output>(service: string, operation: string, input: object) =>
    test.world.call<Output>({ service, operation, input, principal: { type: "admin" } });
  const addInstance = async (id: string, retentionDays = 0) => {
    await call("rds", "CreateDBInstance", {
      DBInstanceIdentifier: id,
      Engine: "postgres",
      DBInstanceClass: "db.t3.micro",
      AllocatedStorage: 20,
      BackupRetentionPeriod: retentionDays,
      DBName: "lab",
      MasterUsername: "lab",
      MasterUserPassword: PASSWORD,
    });
    await until(
      `${id} to become available`,
      async () => instanceNamed(test.world, id).status === "available",
    );
  };
  await addInstance(INSTANCE, options.retentionDays);
  await new SecretsManagerClient(test.admin).send(
    new CreateSecretCommand({
      Name: SECRET,
      SecretString: JSON.stringify({ username: "lab", password: PASSWORD }),
    }),
  );
  trust(connectionOf(test.world, INSTANCE).caFile);
  // The verbs connect to the endpoint's name, as they do in a function.
  installNetwork(await startDns(test.world));
  const client = async (database = "lab", instance = INSTANCE) => {
    const { host, port } = connectionOf(test.world, instance);
    const made = new pg.Client({
      host,
      port,
      user: "lab",
      password: PASSWORD,
      database,
      ssl: { rejectUnauthorized: false },
    });
    await made.connect();
    return made;
  };
  const query = async <Row extends pg.QueryResultRow>(
    text: string,
    database = "lab",
    instance = INSTANCE,
  ): Promise<Row[]> => {
    const one = await client(database, instance);
    try {
      const result = await one.query<Row>(text);
      return [result].flat().at(-1)!.rows;
    } finally {
      await one.end();
    }
  };
  return {
    test,
    call,
    client,
    query,
    addInstance,
    endpoint: (instance: string) => endpointName(test.world, instance),
    close: () => test.close(),
  };
}

export type DatabaseWorld = Awaited<ReturnType<typeof databaseWorld>>;

/** A run and a step as the engine gives them to verbs. */
export function stepContext(kind: string, more: Partial<RunContext> = {}): StepContext {
  runs += 1;
  return {
    run: { ...anyRun, id: `run-${runs}`, ...more },
    step: { id: "step", kind, stage: "data" },
    now: () => Date.now(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    region: "us-east-1",
    tableName: "",
  };
}
let runs = 0;

/** Milliseconds between polls of something that takes its time. */
const PAUSE = 1_000;

/** Calls an action's verbs one after the other as a run does, its input read by its own schema. */
export function stepOf<Input, Before>(kind: string, verbs: Verbs<Input, Before>, given: object) {
  const context = stepContext(kind);
  const input = actions[kind]!.input.parse(given) as Input;
  let change: (Change & { before: Before }) | undefined;
  const resolved = async () => {
    change ??= await verbs.preflight(input, context);
    return change;
  };
  const through = async (phase: "apply" | "revert"): Promise<ProgressAnswer> => {
    let last = await verbs[phase](input, await resolved(), context);
    for (let polls = 0; !last.done && polls < 2000; polls += 1) {
      if (polls > 3) await context.sleep(PAUSE);
      last = await verbs.poll(input, await resolved(), { ...context, phase, progress: last.progress });
      if (last.again) last = await verbs[phase](input, await resolved(), context);
    }
    return last;
  };
  return {
    context,
    preflight: resolved,
    apply: () => through("apply"),
    revert: () => through("revert"),
  };
}
