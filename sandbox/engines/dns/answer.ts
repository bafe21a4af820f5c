import type { Answer } from "dns-packet";
import { canonicalName, isWithin } from "../../services/route53/names.ts";
import {
  type HostedZone,
  publishedRecords,
  type RecordSet,
  route53State,
} from "../../services/route53/state.ts";
import type { World } from "../../world.ts";
import { hostOf } from "../hosts.ts";
import { answersOf, bareName } from "./records.ts";
import { chosenSets } from "./select.ts";

/** TTL of the names AWS gives its own endpoints (an RDS instance's), seconds. */
const HOST_TTL = 5;
/** TTL of an alias to such a name (https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html), seconds. */
const ALIAS_TTL = 60;
/** Longest chain of CNAMEs and aliases that is followed. */
const LONGEST_CHAIN = 10;

export interface DnsAnswer {
  rcode: "NOERROR" | "NXDOMAIN" | "REFUSED" | "SERVFAIL";
  answers: Answer[];
  authorities: Answer[];
  authoritative: boolean;
}

/** The answer to one question, from the zones' published records and the sandbox's hosts. `name` as it was asked. */
export function answerQuestion(world: World, name: string, type: string): DnsAnswer {
  return follow(world, name, type, 0);
}

function follow(world: World, name: string, type: string, depth: number): DnsAnswer {
  if (depth > LONGEST_CHAIN) return { rcode: "SERVFAIL", answers: [], authorities: [], authoritative: true };
  const canonical = canonicalName(name);
  const zone = zoneOf(world, canonical);
  if (!zone) return hostAnswer(world, name, canonical, type);
  const records = publishedRecords(world, zone);
  const delegation = delegationOf(zone, records, canonical, type);
  if (delegation)
    return {
      rcode: "NOERROR",
      answers: [],
      authorities: answersOf(delegation, bareName(delegation.Name)),
      authoritative: false,
    };

  const owner = ownerOf(zone, records, canonical);
  const sets = owner === undefined ? [] : records.filter((set) => set.Name === owner);
  const cname =
    type === "CNAME"
      ? undefined
      : chosenSets(
          world,
          sets.filter((set) => set.Type === "CNAME"),
        )[0];
  if (cname?.AliasTarget) return aliasAnswer(world, zone, records, cname, name, type, depth);
  if (cname) {
    const own = answersOf(cname, name);
    const target = String((own[0] as { data?: unknown } | undefined)?.data ?? "");
    const next = follow(world, target, type, depth + 1);
    // A target in nobody's zone is the asker's to resolve; the chain up to it is still the answer.
    if (next.rcode === "REFUSED")
      return { rcode: "NOERROR", answers: own, authorities: [], authoritative: true };
    return { ...next, answers: [...own, ...next.answers], authoritative: true };
  }
  const wanted = type === "ANY" ? sets : sets.filter((set) => set.Type === type);
  const chosen = type === "ANY" ? wanted : chosenSets(world, wanted);
  const alias = chosen.find((set) => set.AliasTarget);
  if (alias) return aliasAnswer(world, zone, records, alias, name, type, depth);
  const answers = chosen.flatMap((set) => answersOf(set, name));
  if (answers.length > 0) return { rcode: "NOERROR", answers, authorities: [], authoritative: true };
  const exists = owner !== undefined || records.some((set) => isWithin(set.Name, canonical));
  return nothing(zone, records, exists ? "NOERROR" : "NXDOMAIN");
}

/** The answers of an alias's target under the alias's own name. */
function aliasAnswer(
  world: World,
  zone: HostedZone,
  records: RecordSet[],
  set: RecordSet,
  name: string,
  type: string,
  depth: number,
): DnsAnswer {
  const target = bareName(set.AliasTarget?.DNSName ?? "");
  const next = follow(world, target, type, depth + 1);
  const inZone = zoneOf(world, canonicalName(target)) !== undefined;
  const answers = next.answers
    .filter((each) => each.type === type)
    .map((each) => ({ ...each, name, ...(inZone ? {} : { ttl: ALIAS_TTL }) }) as Answer);
  if (answers.length === 0) return nothing(zone, records, "NOERROR");
  return { rcode: "NOERROR", answers, authorities: [], authoritative: true };
}

/** A name in no zone: one of the sandbox's hosts, or nothing we know. */
function hostAnswer(world: World, name: string, canonical: string, type: string): DnsAnswer {
  const host = hostOf(world, canonical.slice(0, -1));
  if (!host) {
    // Names under amazonaws.com are the sandbox's own: one that is not there does not exist.
    const ours = isWithin(canonical, "amazonaws.com.");
    return { rcode: ours ? "NXDOMAIN" : "REFUSED", answers: [], authorities: [], authoritative: ours };
  }
  const answers: Answer[] =
    type === "A" || type === "ANY"
      ? [{ name, type: "A", class: "IN", ttl: HOST_TTL, data: host.address }]
      : [];
  return { rcode: "NOERROR", answers, authorities: [], authoritative: true };
}

/** The zone that answers for a name: the closest one; of two with one name the private one, as inside a VPC. */
function zoneOf(world: World, canonical: string): HostedZone | undefined {
  let best: HostedZone | undefined;
  for (const zone of route53State(world).zones.values()) {
    if (!isWithin(canonical, zone.name) || publishedRecords(world, zone).length === 0) continue;
    if (
      !best ||
      zone.name.length > best.name.length ||
      (zone.name === best.name && zone.private && !best.private)
    )
      best = zone;
  }
  return best;
}

/** The name whose records answer: itself, or the wildcard below its closest existing ancestor. */
function ownerOf(zone: HostedZone, records: RecordSet[], canonical: string): string | undefined {
  if (records.some((set) => set.Name === canonical)) return canonical;
  if (records.some((set) => isWithin(set.Name, canonical))) return undefined;
  for (let parent = parentOf(canonical); isWithin(parent, zone.name); parent = parentOf(parent)) {
    const wildcard = `\\052.${parent}`;
    if (records.some((set) => set.Name === wildcard)) return wildcard;
    if (records.some((set) => isWithin(set.Name, parent))) return undefined;
  }
  return undefined;
}

const parentOf = (canonical: string) => canonical.slice(canonical.indexOf(".") + 1);

/** NS records below the zone's own name give a part of it to other servers. */
function delegationOf(
  zone: HostedZone,
  records: RecordSet[],
  canonical: string,
  type: string,
): RecordSet | undefined {
  return records.find(
    (set) =>
      set.Type === "NS" &&
      set.Name !== zone.name &&
      isWithin(canonical, set.Name) &&
      !(set.Name === canonical && type === "DS"),
  );
}

/** NXDOMAIN or no data, with the SOA that says for how long. */
function nothing(zone: HostedZone, records: RecordSet[], rcode: "NOERROR" | "NXDOMAIN"): DnsAnswer {
  const soa = records.find((set) => set.Type === "SOA" && set.Name === zone.name);
  return {
    rcode,
    answers: [],
    authorities: soa ? answersOf(soa, bareName(zone.name)) : [],
    authoritative: true,
  };
}
