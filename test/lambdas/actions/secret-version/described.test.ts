import { describe, expect, it } from "vitest";
import { mustBeOurs, sideEffects } from "../../../../lambdas/actions/secret-version/described.ts";

const REGION = "us-east-1";

describe("a secret whose labels cannot be moved", () => {
  it.each([
    ["marked for deletion", { DeletedDate: new Date("2026-01-08T10:00:00Z") }, /restore-secret/],
    ["of another service", { OwningService: "rds" }, /belongs to rds/],
    ["a replica", { PrimaryRegion: "eu-west-1" }, /primary Region eu-west-1/],
  ] as const)("is refused, being %s", (_, described, said) => {
    expect(() => mustBeOurs("lab/db", described, REGION)).toThrow(said);
    expect(() => mustBeOurs("lab/db", described, REGION)).toThrow(/Nothing was changed/);
  });

  it("is not one in its primary Region", () => {
    expect(() => mustBeOurs("lab/db", { PrimaryRegion: REGION }, REGION)).not.toThrow();
    expect(() => mustBeOurs("lab/db", {}, REGION)).not.toThrow();
  });
});

it("a rotation and replicas are said before the label moves, and nothing where there is neither", () => {
  const said = sideEffects({ RotationEnabled: true, ReplicationStatus: [{ Region: "eu-west-1" }] });

  expect(said).toEqual([expect.stringMatching(/rotation is on/), expect.stringMatching(/eu-west-1/)]);
  expect(sideEffects({ RotationEnabled: false })).toEqual([]);
});
