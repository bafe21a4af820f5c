import type { DBInstance } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { candidate } from "../../../lambdas/practice-clean/instance.ts";
import { usdPerDay } from "../../../lambdas/practice-clean/price.ts";
import { whyNot } from "../../../lambdas/practice-clean/why-not.ts";
import type { RunContext } from "../../../lambdas/runtime/protocol.ts";

const run = { id: "practice-1", startedAt: "2026-11-03T09:00:00.000Z" } as RunContext;
const instance = (more: Partial<DBInstance> = {}): DBInstance => ({
  DBInstanceIdentifier: "orders-db-p-0a1b2c3d",
  DBInstanceStatus: "available",
  InstanceCreateTime: new Date("2026-11-03T09:04:00Z"),
  TagList: [{ Key: "watchdog:practice", Value: "practice-1" }],
  ...more,
});
const asked = (more?: Partial<DBInstance>) => whyNot(candidate(instance(more)), run, "orders-db");

describe("the clean-up of a practice", () => {
  it("deletes what carries the practice's tag and was made since it began", () => {
    expect(asked()).toBeUndefined();
  });

  it("tries what RDS still creates: it has no time yet", () => {
    expect(asked({ DBInstanceStatus: "creating", InstanceCreateTime: undefined })).toBeUndefined();
  });

  it.each<[string, Partial<DBInstance>, string]>([
    ["the live instance", { DBInstanceIdentifier: "orders-db" }, "orders-db is the live one"],
    ["one without a tag", { TagList: [] }, "its tag watchdog:practice is missing"],
    [
      "another practice's",
      { TagList: [{ Key: "watchdog:practice", Value: "practice-2" }] },
      'its tag watchdog:practice is "practice-2"',
    ],
    [
      "one that was there before the practice",
      { InstanceCreateTime: new Date("2026-11-03T08:59:59Z") },
      "was made at 2026-11-03T08:59:59.000Z, before practice practice-1 began",
    ],
    ["one of unknown age", { InstanceCreateTime: undefined }, "RDS does not say when it was made"],
  ])("leaves %s alone", (_, more, words) => {
    expect(asked(more)).toContain(words);
    expect(asked(more)).toContain("It was left alone");
  });

  it("says about what is left a day costs, and nothing where it does not know", () => {
    expect(usdPerDay({ DBInstanceClass: "db.m6g.xlarge", AllocatedStorage: 100 })).toBe(8.02);
    expect(usdPerDay({ DBInstanceClass: "db.m6g.xlarge", AllocatedStorage: 100, MultiAZ: true })).toBe(16.03);
    expect(usdPerDay({ DBInstanceClass: "db.z9.huge" })).toBeNull();
  });
});
