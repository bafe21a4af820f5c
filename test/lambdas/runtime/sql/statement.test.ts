import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expressionProblem, migrationProblem } from "../../../../lambdas/runtime/sql/statement.ts";

describe("a migration's statement", () => {
  it.each([
    "ALTER TABLE orders DROP COLUMN discount",
    "alter table orders drop column discount ;",
    "DROP TABLE IF EXISTS llm_models",
    "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN DELETE FROM x; RETURN NEW; END $body$",
    "CREATE UNIQUE INDEX one ON orders (total)",
    "UPDATE orders SET note = 'CASCADE; DROP TABLE x'",
    "COMMENT ON COLUMN orders.note IS 'it''s; here'",
    "DROP /* CASCADE; /* nested */ */ TABLE orders -- CASCADE;",
    'ALTER TABLE "CASCADE" DROP COLUMN "a;b"',
    "UPDATE t SET a = E'\\'; DROP TABLE x'",
  ])("may be %s", (sql) => expect(migrationProblem(sql)).toBeUndefined());

  it.each([
    ["DROP TABLE a CASCADE", /CASCADE/],
    ["DROP TABLE a cascade", /CASCADE/],
    ["DROP TABLE a; DROP TABLE b", /more than one/],
    ["DROP DATABASE orders", /would DROP DATABASE/],
    ["DROP SCHEMA public", /would DROP SCHEMA/],
    ["DROP ROLE app", /would DROP ROLE/],
    ["ALTER SYSTEM SET fsync = off", /would ALTER SYSTEM/],
    ["CREATE EXTENSION dblink", /would CREATE EXTENSION/],
    ["DELETE FROM orders", /nothing is deleted/],
    ["TRUNCATE orders", /nothing is deleted/],
    ["WITH gone AS (DELETE FROM orders RETURNING 1) SELECT 1", /begins with WITH/],
    ["DO $$ BEGIN PERFORM 1; END $$", /begins with DO/],
    ["COMMIT", /begins with COMMIT/],
    ["SET ROLE admin", /begins with SET/],
    ["CREATE INDEX CONCURRENTLY i ON orders (total)", /CONCURRENTLY/],
    ["  -- nothing\n", /empty/],
    ["UPDATE t SET a = $$x$$; COMMIT", /more than one/],
    ["UPDATE t SET a = 'x\\'; DROP TABLE x --'", /more than one/],
  ])("is never %s", (sql, problem) => expect(migrationProblem(sql)).toMatch(problem));

  it("is judged by its words alone, whatever its texts hold", () => {
    fc.assert(
      fc.property(fc.string(), (content) => {
        const literal = `'${content.replaceAll("'", "''")}'`;
        expect(migrationProblem(`UPDATE t SET a = ${literal}`)).toBeUndefined();
        expect(migrationProblem(`UPDATE t SET a = ${literal}; DROP TABLE t`)).toMatch(/more than one/);
      }),
    );
  });
});

describe("an expression inside another statement", () => {
  it.each(["used < 0", "(a > 1) OR (b IS NULL)", "note = ')'", "coalesce(a, (SELECT 1)) = 2"])(
    "may be %s",
    (sql) => expect(expressionProblem(sql)).toBeUndefined(),
  );

  it.each(["true) OR (true", "true; DROP TABLE x", "(a > 1", "", "/* nothing */"])("is never %s", (sql) =>
    expect(expressionProblem(sql)).toBeDefined(),
  );
});
