import { describe, expect, it } from "vitest";
import { isAnswer } from "../../../../lambdas/actions/dns-failover/answer.ts";

describe("an answer of DNS", () => {
  it.each([
    ["the same name, however it is written", ["db-2.example.com"], ["DB-2.example.com."], true],
    ["several addresses in any order", ["10.0.0.2", "10.0.0.1"], ["10.0.0.1", "10.0.0.2"], true],
    ["the old value", ["db-1.example.com"], ["db-2.example.com"], false],
    ["nothing", [], ["db-2.example.com"], false],
    ["one value too many", ["10.0.0.1", "10.0.0.2"], ["10.0.0.1"], false],
  ])("%s", (_, found, wanted, expected) => {
    expect(isAnswer(found, wanted)).toBe(expected);
  });
});
