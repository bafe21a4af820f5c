import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadPlan } from "../../../lib/plan/load.ts";
import { wrongSchedule } from "../../../lib/plan/schedule.ts";

const LAB = readFileSync("plans/llm-research-lab.yaml", "utf8");

/** What is said of the research lab's plan with one piece of text exchanged. */
function told(from: string, to: string): string[] {
  expect(LAB).toContain(from);
  return loadPlan({ file: "lab.yaml", text: LAB.replace(from, to) }).problems.map(
    ({ reason, instead }) => `${reason} → ${instead}`,
  );
}

const secret = (name: string) => told("secret: llm-research/provider-key", `secret: "${name}"`);
const query = (text: string) => told("SELECT count(*) FROM models", text);

describe("what AWS and PostgreSQL would refuse in the middle of an incident", () => {
  it("a secret is a name, or an ARN as Secrets Manager writes it", () => {
    const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:llm-research/provider-key";
    const words = expect.stringContaining("write a secret's name, or its whole ARN");

    for (const good of [`${arn}-AbCdEf`, "rds!db-4f1e", "a.b_c+d=e@f"]) expect(secret(good)).toEqual([]);
    for (const bad of ["llm-research/provider-key ", arn, "two words"]) expect(secret(bad)).toEqual([words]);
  });

  it("a query of sql-check reads", () => {
    for (const good of [
      "-- rows\\n  select 1",
      "/* all */ WITH a AS (SELECT 1) SELECT * FROM a",
      "(SELECT 1)",
      "TABLE models",
    ])
      expect(query(good)).toEqual([]);
    for (const bad of ["DELETE FROM models", "SELEC 1", "update models set x = 1", "selection"])
      expect(query(bad)).toEqual([expect.stringContaining("write one query that reads")]);
  });

  it("credentials are no headers of the plan", () => {
    expect(told("contains: http_requests_total", 'headers: { Authorization: "Bearer x" }')).toEqual([
      expect.stringContaining("read from Secrets Manager"),
    ]);
    expect(told("contains: http_requests_total", "headers: { accept: text/plain }")).toEqual([]);
  });

  it("a schedule of the practice is EventBridge's, not Unix's", () => {
    expect(told("every: monthly", 'every: "cron(0 9 * * *)"')).toEqual([
      expect.stringContaining("six fields"),
    ]);
    expect(told("every: monthly", 'every: "cron(0 9 1 * ? *)"')).toEqual([]);
  });
});

describe("a schedule", () => {
  it.each([
    "cron(0 9 ? * 3#1 *)",
    "cron(0 9 ? * TUE-FRI *)",
    "cron(0/15 8-17 L JAN,JUL ? 2026-2030)",
    "cron(0 9 15W * ? *)",
    "cron(0 0 ? * 6L *)",
    "rate(7 days)",
    "rate(1 hour)",
  ])("is right: %s", (text) => {
    expect(wrongSchedule(text)).toBeUndefined();
  });

  it.each([
    ["cron(0 9 1 *)", /this has 4/],
    ["cron(0 9 * * * *)", /exactly one .* is \?/],
    ["cron(0 9 ? * ? *)", /exactly one/],
    ["cron(0 24 1 * ? *)", /"24" is no hours, which is 0 to 23/],
    ["cron(60 9 1 * ? *)", /minutes/],
    ["cron(0 9 ? * 0 *)", /"0" is no day of week, which is 1 to 7/],
    ["cron(0 9 1 Foo ? *)", /"Foo" is no month/],
    ["cron(0/0 9 1 * ? *)", /"0\/0" is no minutes/],
    ["rate(0 days)", /above zero/],
    ["rate(1 week)", /minutes, hours or days/],
  ])("is wrong: %s", (text, words) => {
    expect(wrongSchedule(text)).toMatch(words);
  });
});
