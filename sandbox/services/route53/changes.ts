import type { Change } from "@aws-sdk/client-route-53";
import { ServiceException } from "../../service.ts";
import { canonicalName, isWithin } from "./names.ts";
import type { HostedZone, RecordSet } from "./state.ts";
import { shapeProblem, valueProblems } from "./values.ts";

/** Most record elements and value characters in a batch; UPSERT counts twice. */
const MAX_ELEMENTS = 1000;
const MAX_CHARACTERS = 32_000;

/**
 * The zone's records after a batch, or one exception with every reason why it is refused; all or nothing
 * (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html).
 */
export function applyBatch(
  world: { zoneNamed(id: string): HostedZone | undefined },
  zone: HostedZone,
  changes: Change[],
): RecordSet[] {
  if (changes.length === 0)
    throw invalidInput("Invalid request: The request must contain at least one change");
  for (const change of changes) {
    const problem = shapeProblem(change);
    if (problem) throw invalidInput(problem);
  }
  const problems = limits(changes);
  let records = zone.records;
  const seen = new Set<string>();
  for (const change of changes) {
    const given = stored(change);
    const twice = `${change.Action} ${keyOf(given)}`;
    if (seen.has(twice))
      problems.push(
        `The request contains an invalid set of changes for a resource record set '${given.Type} ${given.Name}'`,
      );
    seen.add(twice);
    const found = records.find((set) => keyOf(set) === keyOf(given));
    const which = `[name='${given.Name}', type='${given.Type}'${given.SetIdentifier === undefined ? "" : `, set-identifier='${given.SetIdentifier}'`}]`;
    if (!isWithin(given.Name, zone.name)) {
      problems.push(`RRSet with DNS name ${given.Name} is not permitted in zone ${zone.name}`);
      continue;
    }
    if (change.Action === "DELETE") {
      if (!found) problems.push(`Tried to delete resource record set ${which} but it was not found`);
      else if (!sameSet(found, given))
        problems.push(
          `Tried to delete resource record set ${which} but the values provided do not match the current values`,
        );
      else records = records.filter((set) => set !== found);
      continue;
    }
    if (change.Action === "CREATE" && found) {
      problems.push(`Tried to create resource record set ${which} but it already exists`);
      continue;
    }
    problems.push(...valueProblems(given), ...aliasProblems(world, zone, given));
    records = found ? records.map((set) => (set === found ? given : set)) : [...records, given];
  }
  const touched = new Set(changes.map((change) => canonicalName(change.ResourceRecordSet!.Name!)));
  if (problems.length === 0) problems.push(...wholeProblems(zone, records, touched));
  if (problems.length > 0)
    throw new ServiceException("InvalidChangeBatch", `[${problems.join(", ")}]`, { status: 400 });
  return records;
}

function stored(change: Change): RecordSet {
  const set = change.ResourceRecordSet!;
  const { Name, AliasTarget, ...rest } = set;
  return {
    Name: canonicalName(Name!),
    ...rest,
    Type: set.Type!,
    ...(AliasTarget
      ? { AliasTarget: { ...AliasTarget, DNSName: canonicalName(AliasTarget.DNSName ?? "") } }
      : {}),
  };
}

const keyOf = (set: RecordSet) => `${set.Name} ${set.Type} ${set.SetIdentifier ?? ""}`;

/** Every stored field counts; the order of values does not. */
function sameSet(a: RecordSet, b: RecordSet): boolean {
  const plain = ({ ResourceRecords, ...rest }: RecordSet) => {
    const fields: Record<string, unknown> = {
      ...rest,
      values: ResourceRecords?.map((each) => each.Value).sort(),
    };
    return JSON.stringify(sorted(fields));
  };
  return plain(a) === plain(b);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}

/** An alias to a record of a hosted zone needs that zone and that record. */
function aliasProblems(
  world: { zoneNamed(id: string): HostedZone | undefined },
  zone: HostedZone,
  set: RecordSet,
): string[] {
  const target = set.AliasTarget;
  if (!target) return [];
  const targetZone = target.HostedZoneId === zone.id ? zone : world.zoneNamed(target.HostedZoneId ?? "");
  const said = `Tried to create an alias that targets ${target.DNSName}, type ${set.Type} in zone ${target.HostedZoneId}`;
  // A zone id that is not one of this account's belongs to an AWS service (a load balancer's, CloudFront's).
  if (!targetZone) return [];
  if (!isWithin(target.DNSName!, targetZone.name))
    return [`${said}, but the alias target name does not lie within the target zone`];
  return [];
}

/** What must hold for the zone as a whole after the batch. */
function wholeProblems(zone: HostedZone, records: RecordSet[], touched: Set<string>): string[] {
  const problems: string[] = [];
  for (const name of touched) {
    const here = records.filter((set) => set.Name === name);
    const cname = here.find((set) => set.Type === "CNAME");
    const other = here.find((set) => set.Type !== "CNAME");
    if (cname && name === zone.name)
      problems.push(
        `RRSet of type CNAME with DNS name ${name} is not permitted at apex in zone ${zone.name}`,
      );
    else if (cname && other) {
      // Worded from the side of the newcomer.
      const [fresh, old] = zone.records.includes(other) ? [cname, other] : [other, cname];
      problems.push(
        `RRSet of type ${fresh.Type} with DNS name ${name} is not permitted because a conflicting RRSet of type ${old.Type} with the same DNS name already exists in zone ${zone.name}`,
      );
    }
    for (const type of new Set(here.map((set) => set.Type))) {
      const same = here.filter((set) => set.Type === type);
      const fresh = same.find((set) => !zone.records.includes(set)) ?? same[0]!;
      const policies = new Set(same.map(policyOf));
      if (policies.size > 1)
        problems.push(
          `RRSet with DNS name ${name}, type ${type}${fresh.SetIdentifier === undefined ? "" : `, SetIdentifier ${fresh.SetIdentifier}`} cannot be created as other RRSets exist with the same name and type`,
        );
      const roles = same.map((set) => set.Failover).filter((each) => each !== undefined);
      if (new Set(roles).size < roles.length)
        problems.push(
          `Failover resource record sets with DNS name ${name}, type ${type} must have one PRIMARY and one SECONDARY`,
        );
    }
  }
  if (!records.some((set) => set.Name === zone.name && set.Type === "SOA"))
    problems.push("A HostedZone must contain exactly one SOA record.");
  if (!records.some((set) => set.Name === zone.name && set.Type === "NS"))
    problems.push("A HostedZone must contain at least one NS record for the zone itself.");
  return problems;
}

function policyOf(set: RecordSet): string {
  if (set.Weight !== undefined) return "weighted";
  if (set.Failover) return "failover";
  if (set.Region) return "latency";
  if (set.GeoLocation) return "geolocation";
  if (set.GeoProximityLocation) return "geoproximity";
  if (set.CidrRoutingConfig) return "cidr";
  if (set.MultiValueAnswer) return "multivalue";
  return "simple";
}

function limits(changes: Change[]): string[] {
  let elements = 0;
  let characters = 0;
  for (const { Action, ResourceRecordSet } of changes) {
    const factor = Action === "UPSERT" ? 2 : 1;
    for (const { Value } of ResourceRecordSet?.ResourceRecords ?? []) {
      elements += factor;
      characters += factor * (Value?.length ?? 0);
    }
  }
  const problems: string[] = [];
  if (elements > MAX_ELEMENTS) problems.push(`Number of records limit of ${MAX_ELEMENTS} exceeded.`);
  if (characters > MAX_CHARACTERS) problems.push(`RDATA character limit of ${MAX_CHARACTERS} exceeded.`);
  return problems;
}

const invalidInput = (message: string) => new ServiceException("InvalidInput", message, { status: 400 });
