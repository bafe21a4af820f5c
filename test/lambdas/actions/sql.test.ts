import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { verbs as fixVerbs } from "../../../lambdas/actions/sql-fix/handler.ts";
import { verbs as migrationVerbs } from "../../../lambdas/actions/sql-migration/handler.ts";
import { measure } from "../../../lambdas/checks/sql-check/handler.ts";
import { sqlCheck } from "../../../lambdas/checks/sql-check/spec.ts";
import { type DatabaseWorld, databaseWorld, INSTANCE, SECRET, stepOf } from "./database-world.ts";

let here: DatabaseWorld;

beforeAll(async () => {
  here = await databaseWorld();
}, 60_000);
afterAll(() => here.close());

const WORLD = `
DROP SCHEMA public CASCADE; CREATE SCHEMA public;
CREATE TABLE schema_migrations (version text PRIMARY KEY, note text);
INSERT INTO schema_migrations VALUES ('001', 'first'), ('002', 'second');
CREATE TABLE audit (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text);
CREATE TABLE experiments (id bigint PRIMARY KEY, name text NOT NULL, metrics jsonb, accuracy float8);
INSERT INTO experiments SELECT i, 'e' || i, '{}', i / 3.0 FROM generate_series(1, 30) i;
CREATE INDEX by_name_and_accuracy ON experiments (name, accuracy);
CREATE TABLE llm_models (id int PRIMARY KEY, name text);
INSERT INTO llm_models VALUES (1, 'north'), (2, 'south');
CREATE TABLE counters (id int PRIMARY KEY, used int NOT NULL, allowed int NOT NULL DEFAULT 10);
INSERT INTO counters SELECT i, CASE WHEN i <= 3 THEN -i ELSE i END FROM generate_series(1, 9) i;`;

const there = { instance: INSTANCE, database: "lab", secret: SECRET };
const tables = async () =>
  Object.fromEntries(
    await Promise.all(
      ["schema_migrations", "experiments", "counters", "audit"].map(async (table) => [
        table,
        (await here.query(`SELECT to_jsonb(t)::text AS row FROM ${table} t ORDER BY 1`)).map(
          ({ row }) => row,
        ),
      ]),
    ),
  );
beforeEach(() => here.query(WORLD));

describe("sql-migration", () => {
  const migration = (more: object) =>
    stepOf("sql-migration", migrationVerbs, {
      ...there,
      version: { table: "schema_migrations", undoes: ["002"], becomes: "001" },
      precondition: "SELECT true",
      ...more,
    });
  const dropColumn = {
    statements: ["ALTER TABLE experiments DROP COLUMN accuracy"],
    drops: ["column public.experiments.accuracy", "index public.by_name_and_accuracy"],
  };
  /** Fails as said, and leaves everything as it was. */
  const leaves = async (step: { apply(): Promise<unknown> }, name: string, message: RegExp) => {
    const before = await tables();
    await expect(step.apply()).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
    expect(await tables()).toEqual(before);
  };

  it("sets the version back with the schema, and keeps what it drops", async () => {
    const done = await migration(dropColumn).apply();

    const [kept] = (done.outputs as { keptIn: string[] }).keptIn;
    expect(await here.query("SELECT max(version) AS version FROM schema_migrations")).toEqual([
      { version: "001" },
    ]);
    expect(await here.query(`SELECT count(*)::int AS rows, sum(accuracy) AS sum FROM ${kept}`)).toEqual([
      { rows: 30, sum: 155 },
    ]);
  });

  it("is done again with every value, should the run be reverted", async () => {
    const before = await tables();
    const step = migration({
      statements: ["ALTER TABLE experiments DROP COLUMN accuracy", "DROP TABLE llm_models"],
      drops: [...dropColumn.drops, "table public.llm_models"],
      forward: [
        "ALTER TABLE experiments ADD COLUMN accuracy float8",
        "CREATE INDEX by_name_and_accuracy ON experiments (name, accuracy)",
        "CREATE TABLE llm_models (id int PRIMARY KEY, name text)",
      ],
    });
    await step.apply();
    expect(await here.query("SELECT to_regclass('llm_models') AS found")).toEqual([{ found: null }]);

    await step.revert();

    expect(await tables()).toEqual(before);
    expect(await here.query("SELECT name FROM llm_models ORDER BY id")).toEqual([
      { name: "north" },
      { name: "south" },
    ]);
  });

  it("does not take along an index that the plan does not name: PostgreSQL says nothing of it", async () => {
    const step = migration({ ...dropColumn, drops: ["column public.experiments.accuracy"] });

    await leaves(step, "UnexpectedEffect", /index public\.by_name_and_accuracy would be gone too/);
  });

  it("does not take along what a trigger deletes elsewhere", async () => {
    await here.query(`
      CREATE FUNCTION sweep() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN DELETE FROM counters WHERE id = NEW.id; RETURN NEW; END $$;
      CREATE TRIGGER sweep AFTER UPDATE ON experiments FOR EACH ROW EXECUTE FUNCTION sweep()`);
    const step = migration({
      statements: ["UPDATE experiments SET metrics = '{}' WHERE id = 4"],
      changes: ["experiments"],
    });

    await leaves(step, "UnexpectedEffect", /1 deleted in public\.counters, and nothing is deleted/);
  });

  it("does not write rows of a table that the plan does not name, nor more rows than it says", async () => {
    const statements = ["UPDATE counters SET used = 0"];
    await leaves(migration({ statements }), "UnexpectedEffect", /9 updated, 0 deleted in public\.counters/);
    await leaves(
      migration({ statements: [{ sql: statements[0], rows: 3 }], changes: ["counters"] }),
      "UnexpectedEffect",
      /wrote 9 row\(s\), and the plan says 3/,
    );
  });

  it("is rolled back whole when its last statement fails", async () => {
    const step = migration({
      ...dropColumn,
      statements: [...dropColumn.statements, "ALTER TABLE experiments DROP COLUMN nothing"],
    });

    await leaves(step, "WorkFailed", /42703.*rolled back/);
  });

  it("is refused while another version is there, before anything is changed", async () => {
    await here.query("INSERT INTO schema_migrations VALUES ('003')");

    await leaves(migration(dropColumn), "Refusal", /is at 003, and the plan undoes 002/);
  });

  it.each([
    [
      "whose precondition does not hold",
      { precondition: "SELECT count(*) = 0 FROM experiments" },
      /precondition/,
    ],
    ["whose precondition gives no answer", { precondition: "SELECT true WHERE false" }, /precondition/],
    [
      "that would drop what is not there",
      { drops: ["table public.nothing"] },
      /there is no table public\.nothing/,
    ],
    ["that says CASCADE", { statements: ["DROP TABLE llm_models CASCADE"] }, /CASCADE/],
    ["that deletes", { statements: ["DELETE FROM counters"] }, /nothing is deleted/],
    [
      "that would copy more than is allowed",
      { keepUpTo: 1, drops: ["table public.experiments"] },
      /keepUpTo/,
    ],
  ])("is refused %s", async (_, more, message) => {
    if ("keepUpTo" in more)
      await here.query(
        "INSERT INTO experiments SELECT i, repeat(md5(i::text), 30) FROM generate_series(100, 3000) i",
      );
    await leaves(migration({ ...dropColumn, ...more }), "Refusal", message);
  });

  it("is refused where a table that stays refers to a dropped one, and names it", async () => {
    await here.query(
      "CREATE TABLE users (id int PRIMARY KEY, model int REFERENCES llm_models); CREATE VIEW names AS SELECT name FROM llm_models",
    );

    const step = migration({ statements: ["DROP TABLE llm_models"], drops: ["table public.llm_models"] });

    await leaves(step, "Refusal", /users refers to llm_models.*view public\.names reads llm_models/);
  });

  it("gives way to whoever holds the table, and may be tried again", async () => {
    const holder = await here.client();
    await holder.query("BEGIN; LOCK TABLE experiments IN ACCESS SHARE MODE");

    const step = migration({ ...dropColumn, lockSeconds: 0.2 });
    await leaves(step, "ServiceUnavailable", /55P03/);
    await holder.query("ROLLBACK");
    await holder.end();

    expect((await step.apply()).done).toBe(true);
  });

  it("overwrites nothing that was defined otherwise since the run began", async () => {
    const step = migration(dropColumn);
    await step.preflight();
    await here.query("ALTER TABLE experiments ALTER COLUMN accuracy TYPE numeric");

    await leaves(step, "ChangedSincePreflight", /defined otherwise/);
  });

  it("cannot be undone without its forward statements, and says where the data is", async () => {
    const step = migration(dropColumn);
    await step.apply();

    await expect(step.revert()).rejects.toMatchObject({ name: "Refusal", message: /rollback_watchdog/ });
  });
});

describe("sql-fix", () => {
  const fix = (more: object = {}) =>
    stepOf("sql-fix", fixVerbs, {
      ...there,
      table: "counters",
      where: "used < 0",
      set: { used: "0" },
      ...more,
    });
  const used = async () =>
    (await here.query<{ used: number }>("SELECT used FROM counters ORDER BY id")).map((row) => row.used);

  it("shows each row as it is and will be before anything is changed", async () => {
    const { evidence, summary } = await fix().preflight();

    expect(summary).toContain("3 row(s) of public.counters");
    expect(evidence).toEqual(["id 1: used -1 → 0", "id 2: used -2 → 0", "id 3: used -3 → 0"]);
  });

  it("corrects the detected rows alone: what became wrong since is counted and left", async () => {
    const step = fix();
    await step.preflight();
    await here.query("UPDATE counters SET used = -9 WHERE id = 9; UPDATE counters SET used = 5 WHERE id = 1");

    const done = await step.apply();

    expect(done.outputs).toMatchObject({ corrected: 2, passed: 1, others: 1 });
    expect(await used()).toEqual([5, 0, 0, 4, 5, 6, 7, 8, -9]);
  });

  it("is undone row by row; a row written to since keeps what it has now", async () => {
    const step = fix();
    await step.apply();
    await here.query("UPDATE counters SET used = 1 WHERE id = 2");

    const undone = await step.revert();

    expect(await used()).toEqual([-1, 1, -3, 4, 5, 6, 7, 8, 9]);
    expect(undone.note).toMatch(/2 row\(s\).*1 were written to since/);
  });

  it("overwrites nothing when every row was written to since", async () => {
    const step = fix();
    await step.apply();
    await here.query("UPDATE counters SET used = 1 WHERE used = 0");

    await expect(step.revert()).rejects.toMatchObject({ name: "ChangedSincePreflight" });
    expect(await used()).toEqual([1, 1, 1, 4, 5, 6, 7, 8, 9]);
  });

  it.each([
    ["more rows than its cap", { cap: 2 }, /More than 2 rows/],
    ["a table without a primary key", { table: "nothing" }, /no primary key/],
    ["the primary key itself", { set: { id: "0" } }, /part of the primary key/],
    ["a condition that reaches out of its brackets", { where: "true) OR (true" }, /bracket/],
  ])("is refused for %s", async (_, more, message) => {
    const before = await tables();
    await expect(fix(more).apply()).rejects.toMatchObject({
      name: "Refusal",
      message: expect.stringMatching(message),
    });
    expect(await tables()).toEqual(before);
  });

  it("is rolled back when a corrected row is as wrong as before", async () => {
    const before = await tables();

    await expect(fix({ set: { used: "used - 1" } }).apply()).rejects.toMatchObject({
      name: "UnexpectedEffect",
      message: expect.stringContaining("3 corrected row(s) are still wrong"),
    });
    expect(await tables()).toEqual(before);
  });

  it("writes what triggers write only where the plan names it", async () => {
    await here.query(`
      CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO audit (what) VALUES ('corrected'); RETURN NEW; END $$;
      CREATE TRIGGER note AFTER UPDATE ON counters FOR EACH ROW EXECUTE FUNCTION note()`);

    await expect(fix().apply()).rejects.toMatchObject({
      name: "UnexpectedEffect",
      message: expect.stringContaining("3 row(s) inserted"),
    });
    expect(await used()).toContain(-1);
    expect((await fix({ alsoWrites: ["audit"] }).apply()).outputs).toMatchObject({ corrected: 3 });
  });
});

describe("the leftovers' checks of docs/databases.md", () => {
  const text = readFileSync(join(import.meta.dirname, "../../../docs/databases.md"), "utf8");
  const { verify } = parse(/```yaml\n(verify:[\s\S]*?)```/.exec(text)![1]!) as {
    verify: { id: string; with: Record<string, unknown> }[];
  };
  const found = async () =>
    Object.fromEntries(
      await Promise.all(
        verify.map(async ({ id, with: given }) => {
          const input = sqlCheck.input.parse({
            ...given,
            database: "lab",
            secret: SECRET,
            host: here.endpoint(INSTANCE),
          });
          return [id, (await measure(input)).verdict];
        }),
      ),
    );

  it("pass on a database without leftovers, and each fails on its own", async () => {
    await here.query(
      "DROP TABLE llm_models; CREATE TABLE prompts (id int PRIMARY KEY, experiment_id bigint); INSERT INTO prompts VALUES (1, 1)",
    );
    const passed = {
      "no-leftover-tables": "passed",
      "no-keys-into-dropped-tables": "passed",
      "no-orphans": "passed",
    };
    expect(await found()).toEqual(passed);

    await here.query("INSERT INTO prompts VALUES (2, 999)");
    expect(await found()).toEqual({ ...passed, "no-orphans": "failed" });
    await here.query("CREATE TABLE llm_models (id int PRIMARY KEY); DELETE FROM prompts");
    expect(await found()).toEqual({ ...passed, "no-leftover-tables": "failed" });
    await here.query("CREATE TABLE users (model int REFERENCES llm_models)");
    expect(await found()).toMatchObject({ "no-keys-into-dropped-tables": "failed" });
  });
});
