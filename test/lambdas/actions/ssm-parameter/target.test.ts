import { describe, expect, it } from "vitest";
import { type Kept, targetVersion } from "../../../../lambdas/actions/ssm-parameter/target.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 0, 8, 10, minute));
const versions = (...values: string[]): Kept[] =>
  values.map((Value, index) => ({ Version: index + 1, Value, LastModifiedDate: at(index * 10) }));
const deployment = { version: "1.3.0", startedAt: at(15).toISOString() };

describe("the version a parameter goes back to", () => {
  it("previous is the newest with another value, so that a value put twice is no way back", () => {
    expect(targetVersion("/p", versions("2", "3", "3"), "previous", {}).version).toBe(1);
  });

  it("before the deployment is what held when it began, whatever was put since", () => {
    const kept = versions("2", "3", "4", "5");

    expect(targetVersion("/p", kept, "before-deployment", { deployment }).version).toBe(2);
  });

  it.each([
    ["a version that is not kept", 9, /holds 1 to 2.*Nothing was changed/],
    ["no deployment on record", "before-deployment", /no deployment is recorded.*Nothing was changed/],
  ] as const)("refuses %s", (_, wanted, said) => {
    expect(() => targetVersion("/p", versions("2", "3"), wanted, {})).toThrow(said);
  });

  it("refuses when nothing else was ever there, or everything is younger than the deployment", () => {
    const early = { deployment: { version: "1.3.0", startedAt: at(-1).toISOString() } };

    expect(() => targetVersion("/p", versions("2", "2"), "previous", {})).toThrow(/never had another value/);
    expect(() => targetVersion("/p", versions("2"), "before-deployment", early)).toThrow(/younger than/);
  });
});
