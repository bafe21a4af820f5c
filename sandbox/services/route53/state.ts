import { randomInt } from "node:crypto";
import type { ChangeInfo, HealthCheck, ResourceRecordSet, RRType, VPC } from "@aws-sdk/client-route-53";
import { randomId, stateOf, type World } from "../../world.ts";
import { canonicalName } from "./names.ts";

/** A record set as it is stored: canonical name, every field as it was given. */
export type RecordSet = Omit<ResourceRecordSet, "Name" | "Type"> & { Name: string; Type: RRType };

export interface HostedZone {
  id: string;
  /** Canonical: lower case, octal escapes, trailing dot. */
  name: string;
  callerReference: string;
  comment: string | undefined;
  private: boolean;
  vpcs: VPC[];
  nameServers: string[];
  delegationSetId: string | undefined;
  /** What the API answers; the latest state. */
  records: RecordSet[];
  /** What the name servers answer; follows `records` when the change is INSYNC. */
  published: RecordSet[];
  /** Changes on their way to the name servers, oldest first. */
  pending: { at: number; records: RecordSet[] }[];
}

export interface Change {
  id: string;
  comment: string | undefined;
  submittedAt: number;
  /** Sandbox time from which on it is INSYNC. */
  inSyncAt: number;
}

export interface DelegationSet {
  id: string;
  callerReference: string;
  nameServers: string[];
}

export interface Route53State {
  zones: Map<string, HostedZone>;
  changes: Map<string, Change>;
  healthChecks: Map<string, HealthCheck>;
  delegationSets: Map<string, DelegationSet>;
  /** `<type>/<id>` → tags */
  tags: Map<string, Map<string, string>>;
}

export const route53State = stateOf(
  (): Route53State => ({
    zones: new Map(),
    changes: new Map(),
    healthChecks: new Map(),
    delegationSets: new Map(),
    tags: new Map(),
  }),
);

/** How long a change takes to all name servers, sandbox milliseconds ("usually within 60 seconds"). */
const SHORTEST_PROPAGATION = 30_000;
const LONGEST_PROPAGATION = 60_000;

/** Registers a change that is PENDING now and INSYNC after its propagation. */
export function newChange(world: World, comment?: string, notBefore = 0): Change {
  const submittedAt = world.clock.now();
  const inSyncAt = Math.max(
    submittedAt + randomInt(SHORTEST_PROPAGATION, LONGEST_PROPAGATION + 1),
    notBefore,
  );
  const change = { id: `C${randomId(20)}`, comment, submittedAt, inSyncAt };
  route53State(world).changes.set(change.id, change);
  return change;
}

/** Replaces a zone's records; the name servers follow when the returned change is INSYNC, in the order of the changes. */
export function publishRecords(
  world: World,
  zone: HostedZone,
  records: RecordSet[],
  comment?: string,
): Change {
  settle(world, zone);
  const change = newChange(world, comment, zone.pending.at(-1)?.at);
  zone.records = records;
  zone.pending.push({ at: change.inSyncAt, records });
  return change;
}

/** What the name servers answer now. */
export function publishedRecords(world: World, zone: HostedZone): RecordSet[] {
  settle(world, zone);
  return zone.published;
}

function settle(world: World, zone: HostedZone): void {
  while (zone.pending[0] && zone.pending[0].at <= world.clock.now())
    zone.published = zone.pending.shift()!.records;
}

export function changeAnswer(world: World, change: Change): ChangeInfo {
  return {
    Id: `/change/${change.id}`,
    Status: change.inSyncAt <= world.clock.now() ? "INSYNC" : "PENDING",
    SubmittedAt: new Date(change.submittedAt),
    ...(change.comment === undefined ? {} : { Comment: change.comment }),
  };
}

/** The records every zone has. */
export function ownRecords(name: string, nameServers: string[]): RecordSet[] {
  return [
    {
      Name: name,
      Type: "NS",
      TTL: 172_800,
      ResourceRecords: nameServers.map((each) => ({ Value: `${each}.` })),
    },
    {
      Name: name,
      Type: "SOA",
      TTL: 900,
      ResourceRecords: [
        { Value: `${nameServers[0]}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400` },
      ],
    },
  ];
}

/** Four servers, one in each of Route 53's top-level domains. */
export function newNameServers(): string[] {
  const of = (from: number, end: string) => {
    const number = from + randomInt(0, 512);
    return `ns-${number}.awsdns-${String((number % 512) >> 3).padStart(2, "0")}.${end}`;
  };
  return [of(1024, "org"), of(1536, "co.uk"), of(0, "com"), of(512, "net")];
}

/** The servers that answer private zones. */
export const PRIVATE_NAME_SERVERS = [
  "ns-1536.awsdns-00.co.uk",
  "ns-0.awsdns-00.com",
  "ns-1024.awsdns-00.org",
  "ns-512.awsdns-00.net",
];

/**
 * A private zone whose id is already written somewhere (a plan), there at once. For scenarios, which set the
 * world up before it runs; AWS chooses the ids of its zones.
 */
export function createHostedZoneWithId(world: World, name: string, id: string): HostedZone {
  const { zones } = route53State(world);
  if (zones.has(id)) throw new Error(`The sandbox already has a hosted zone ${id}. Nothing was changed.`);
  const canonical = canonicalName(name);
  const records = ownRecords(canonical, PRIVATE_NAME_SERVERS);
  const zone: HostedZone = {
    id,
    name: canonical,
    callerReference: `sandbox-${id}`,
    comment: undefined,
    private: true,
    vpcs: [],
    nameServers: PRIVATE_NAME_SERVERS,
    delegationSetId: undefined,
    records,
    published: records,
    pending: [],
  };
  zones.set(id, zone);
  return zone;
}
