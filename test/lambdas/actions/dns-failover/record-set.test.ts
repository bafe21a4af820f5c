import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  mustBeOurs,
  nextSet,
  sameSet,
  whatStays,
} from "../../../../lambdas/actions/dns-failover/record-set.ts";

const cname: ResourceRecordSet = {
  Name: "db.lab.internal.",
  Type: "CNAME",
  TTL: 30,
  ResourceRecords: [{ Value: "old.example.com" }],
};

describe("the next record set", () => {
  it("differs in its value alone: weight, identifier, health check and TTL stay", () => {
    const weighted = { ...cname, SetIdentifier: "blue", Weight: 100, HealthCheckId: "hc-1" };

    expect(nextSet(weighted, { type: "CNAME", value: "new.example.com" })).toEqual({
      ...weighted,
      ResourceRecords: [{ Value: "new.example.com" }],
    });
  });

  it("to an alias has no TTL and no records, and carries the target's own zone", () => {
    const next = nextSet(
      { ...cname, Type: "A", ResourceRecords: [{ Value: "192.0.2.1" }] },
      { type: "A", value: "lb.example.com", alias: { zone: "Z1", evaluateTargetHealth: true } },
    );

    expect(next).toEqual({
      Name: "db.lab.internal.",
      Type: "A",
      AliasTarget: { HostedZoneId: "Z1", DNSName: "lb.example.com.", EvaluateTargetHealth: true },
    });
  });

  it("from an alias has records and a TTL, which an alias has not", () => {
    const { TTL: _, ResourceRecords: __, ...rest } = cname;
    const alias = {
      ...rest,
      Type: "A" as const,
      AliasTarget: { HostedZoneId: "Z1", DNSName: "lb.", EvaluateTargetHealth: false },
    };

    expect(nextSet(alias, { type: "A", value: "192.0.2.1" })).toEqual({
      Name: "db.lab.internal.",
      Type: "A",
      TTL: 60,
      ResourceRecords: [{ Value: "192.0.2.1" }],
    });
  });
});

/** Any record set that the action may meet. */
const anySet = fc.record(
  {
    Name: fc.constantFrom("db.lab.internal.", "api.lab.internal."),
    Type: fc.constantFrom<ResourceRecordSet["Type"]>("CNAME", "A", "AAAA"),
    TTL: fc.option(fc.integer({ min: 0, max: 300 }), { nil: undefined }),
    SetIdentifier: fc.option(fc.constantFrom("blue", "green"), { nil: undefined }),
    Weight: fc.option(fc.integer({ min: 0, max: 255 }), { nil: undefined }),
    HealthCheckId: fc.option(fc.uuid(), { nil: undefined }),
    ResourceRecords: fc.array(fc.record({ Value: fc.constantFrom("a.example", "b.example", "192.0.2.1") }), {
      maxLength: 3,
    }),
  },
  { requiredKeys: ["Name", "Type", "ResourceRecords"] },
) as fc.Arbitrary<ResourceRecordSet>;

describe("the comparison", () => {
  it("says that a set is itself, in whatever order its records and with whatever case and dot its names are", () => {
    fc.assert(
      fc.property(anySet, (set) => {
        const written = {
          ...set,
          Name: set.Name!.toUpperCase().replace(/\.$/, ""),
          ResourceRecords: set.ResourceRecords!.toReversed(),
        };
        expect(sameSet(set, written)).toBe(true);
      }),
    );
    expect(sameSet(cname, { ...cname, ResourceRecords: [{ Value: "OLD.example.com." }] })).toBe(true);
  });

  it.each<[string, Partial<ResourceRecordSet>]>([
    ["value", { ResourceRecords: [{ Value: "other.example.com" }] }],
    ["TTL", { TTL: 31 }],
    ["TTL of 0", { TTL: 0 }],
    ["type", { Type: "A" }],
    ["weight", { Weight: 0 }],
    ["identifier", { SetIdentifier: "blue" }],
    ["health check", { HealthCheckId: "hc-1" }],
    ["failover role", { Failover: "SECONDARY" }],
    ["region", { Region: "eu-west-1" }],
    ["multivalue", { MultiValueAnswer: true }],
    ["location", { GeoLocation: { CountryCode: "DE" } }],
    ["proximity", { GeoProximityLocation: { AWSRegion: "eu-west-1" } }],
    ["CIDR", { CidrRoutingConfig: { CollectionId: "c", LocationName: "l" } }],
    ["policy", { TrafficPolicyInstanceId: "t-1" }],
    ["further record", { ResourceRecords: [{ Value: "old.example.com" }, { Value: "x.example.com" }] }],
    ["alias", { AliasTarget: { HostedZoneId: "Z1", DNSName: "x.", EvaluateTargetHealth: true } }],
  ])("sees another %s", (_, change) => {
    expect(sameSet(cname, { ...cname, ...change })).toBe(false);
  });

  it("never takes what it made for what was there, unless the value is the same", () => {
    fc.assert(
      fc.property(anySet, fc.constantFrom("a.example", "b.example", "c.example"), (set, value) => {
        const next = nextSet(set, { type: set.Type!, value });
        const only = set.ResourceRecords!.length === 1 && set.ResourceRecords![0]!.Value === value;
        expect(sameSet(set, next)).toBe(only && set.TTL !== undefined);
        expect(sameSet(next, nextSet(next, { type: set.Type!, value }))).toBe(true);
      }),
    );
  });
});

describe("a record set that is more than its value", () => {
  const set = { Name: "www.shop.example.", Type: "CNAME" } as const;
  const input = { record: "www.shop.example", type: "CNAME", zone: "Z0SHOP" };

  it("is refused where a traffic policy makes it", () => {
    expect(() => mustBeOurs({ ...set, TrafficPolicyInstanceId: "tp-1" }, input)).toThrow(
      /traffic policy instance tp-1.*Nothing was changed/,
    );
    expect(() => mustBeOurs(set, input)).not.toThrow();
  });

  it("keeps its health check, and that is said", () => {
    expect(whatStays({ ...set, HealthCheckId: "check-1" })).toEqual([
      expect.stringContaining("check-1 stays"),
    ]);
    expect(whatStays(set)).toEqual([]);
  });
});
