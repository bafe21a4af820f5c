import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { verbs as fence } from "../../../lambdas/actions/rds-fence/handler.ts";
import { verbs as reconcile } from "../../../lambdas/actions/reconcile/handler.ts";
import { connectionOf } from "../../../sandbox/services/rds/state.ts";
import { type DatabaseWorld, databaseWorld, INSTANCE, SECRET, stepOf } from "./database-world.ts";

let here: DatabaseWorld;

/**
 * What a role that may create functions in `public` can leave there: PostgreSQL prefers a function whose arguments fit
 * exactly to its own (CVE-2018-1058), and runs it as whoever calls.
 */
const PLANTED = [
  "pg_terminate_backend(pid integer, milliseconds integer) RETURNS boolean",
  "format(pattern text, of_schema name, of_name name) RETURNS text",
  "hash_record_extended(given record, seed integer) RETURNS bigint",
  "unnest(given text[]) RETURNS SETOF text",
];

beforeAll(async () => {
  here = await databaseWorld();
  await new S3Client({ ...here.test.admin, forcePathStyle: true }).send(
    new CreateBucketCommand({ Bucket: "lab-rows" }),
  );
  await here.query(`
    CREATE ROLE app LOGIN PASSWORD 'canary'; GRANT app TO lab; GRANT CREATE ON SCHEMA public TO app;
    CREATE TABLE public.models (id int PRIMARY KEY, name text); INSERT INTO public.models VALUES (1, 'north');
    CREATE SEQUENCE public.numbers; SELECT nextval('public.numbers');
    SET ROLE app;
    ${PLANTED.map(
      (declared) =>
        `CREATE FUNCTION public.${declared} LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'planted code runs as %', current_user; END $$;`,
    ).join("\n")}`);
}, 60_000);
afterAll(() => here.close());

it("a fence runs nothing that another role left in the database", async () => {
  const step = stepOf("rds-fence", fence, {
    instance: INSTANCE,
    roles: ["app"],
    database: "lab",
    secret: SECRET,
  });

  // A session to end: without one the function would not be called.
  const { host, port } = connectionOf(here.test.world, INSTANCE);
  const open = new pg.Client({
    ...{ host, port, user: "app", password: "canary", database: "lab" },
    ssl: { rejectUnauthorized: false },
  });
  open.on("error", () => undefined); // it is ended
  await open.connect();
  expect(await step.apply()).toMatchObject({ done: true });
  expect(await here.query("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'app'")).toEqual([
    { rolcanlogin: false },
  ]);
});

it("nor does reconcile", async () => {
  await here.query("INSERT INTO public.models VALUES (2, 'south')");
  const step = stepOf("reconcile", reconcile, {
    instance: INSTANCE,
    database: "lab",
    secret: SECRET,
    host: here.endpoint(INSTANCE),
    bucket: "lab-rows",
    sequences: "advance",
  });

  expect(await step.apply()).toMatchObject({ done: true, outputs: { compared: 2, rows: 0 } });
});
