import { isIPv4, isIPv6 } from "node:net";
import type { Change } from "@aws-sdk/client-route-53";
import type { RecordSet } from "./state.ts";

const ACTIONS = ["CREATE", "DELETE", "UPSERT"];

/** What is wrong with the request's form, before the zone is looked at (InvalidInput). */
export function shapeProblem(change: Change): string | undefined {
  const set = change.ResourceRecordSet;
  if (!change.Action || !ACTIONS.includes(change.Action))
    return `Invalid XML ; the value '${change.Action}' is not one of ${ACTIONS.join(", ")}`;
  if (!set?.Name || !set.Type) return "Invalid request: A resource record set needs a Name and a Type";
  const where = `Change with [Action=${change.Action}, Name=${set.Name}, Type=${set.Type}, SetIdentifier=${set.SetIdentifier ?? "null"}]`;
  const records = set.ResourceRecords ?? [];
  const plain = set.TTL !== undefined || records.length > 0;
  const kinds = [set.AliasTarget !== undefined, plain, set.TrafficPolicyInstanceId !== undefined].filter(
    Boolean,
  ).length;
  const needed =
    "Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId]";
  if (kinds === 0) return `Invalid request: ${needed}, but found none in ${where}`;
  if (kinds > 1) return `Invalid request: ${needed}, but found more than one in ${where}`;
  if (plain && set.TTL === undefined) return `Invalid request: Missing field 'TTL' in ${where}`;
  if (plain && records.length === 0) return `Invalid request: Missing field 'ResourceRecords' in ${where}`;
  if (set.TTL !== undefined && (set.TTL < 0 || set.TTL > 2_147_483_647))
    return `Invalid request: TTL ${set.TTL} is out of range in ${where}`;
  const routed = [
    ["Weight", set.Weight],
    ["Region", set.Region],
    ["Failover", set.Failover],
    ["GeoLocation", set.GeoLocation],
    ["MultiValueAnswer", set.MultiValueAnswer],
    ["CidrRoutingConfig", set.CidrRoutingConfig],
    ["GeoProximityLocation", set.GeoProximityLocation],
  ].filter(([, value]) => value !== undefined);
  if (routed.length > 1)
    return `Invalid request: Expected at most one of [${routed.map(([name]) => name).join(", ")}] in ${where}`;
  if (routed.length === 1 && set.SetIdentifier === undefined)
    return `Invalid request: Missing field 'SetIdentifier' in ${where}`;
  if (routed.length === 0 && set.SetIdentifier !== undefined)
    return `Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, MultiValueAnswer, GeoProximityLocation, or CidrRoutingConfig], but found none in ${where}`;
  if (set.Weight !== undefined && (set.Weight < 0 || set.Weight > 255))
    return `1 validation error detected: Value '${set.Weight}' at 'changeBatch.changes.1.member.resourceRecordSet.weight' failed to satisfy constraint: Member must have value ${set.Weight < 0 ? "greater than or equal to 0" : "less than or equal to 255"}`;
  return undefined;
}

/** What is wrong with the values of a set that is stored (InvalidChangeBatch). */
export function valueProblems(set: RecordSet): string[] {
  const values = (set.ResourceRecords ?? []).map((each) => each.Value ?? "");
  const problems = values.map((value) => valueProblem(set.Type, value)).filter((each) => each !== undefined);
  if (set.Type === "CNAME" && values.length > 1)
    problems.push(
      `InvalidRRSetException: a CNAME record set must have exactly one value, found ${values.length}`,
    );
  if (new Set(values).size < values.length)
    problems.push(`Duplicate Resource Record: '${values.find((each, at) => values.indexOf(each) !== at)}'`);
  return problems;
}

function valueProblem(type: string, value: string): string | undefined {
  const invalid = (code: string, why: string) =>
    `Invalid Resource Record: 'FATAL problem: ${code} (${why}) encountered with '${value}''`;
  switch (type) {
    case "A":
      return isIPv4(value)
        ? undefined
        : invalid("ARRDATAIllegalIPv4Address", "Value is not a valid IPv4 address");
    case "AAAA":
      return isIPv6(value)
        ? undefined
        : invalid("AAAARRDATAIllegalIPv6Address", "Value is not a valid IPv6 address");
    case "CNAME":
    case "NS":
    case "PTR":
      return isDomain(value) ? undefined : invalid("DomainLabelEmpty", "Domain label is empty");
    case "TXT":
    case "SPF":
      if (!/^\s*("(\\.|[^"\\])*"\s*)+$/s.test(value))
        return invalid("InvalidCharacterString", "Value should be enclosed in quotation marks");
      return /"(\\.|[^"\\]){256,}"/s.test(value)
        ? invalid("CharacterStringTooLong", "Value is too long")
        : undefined;
    case "MX":
      return /^\s*\d{1,5}\s+\S+\s*$/.test(value)
        ? undefined
        : invalid("MXRRDATAWrongNumberOfFields", "MX record doesn't have 2 fields");
    case "SRV":
      return /^\s*\d{1,5}\s+\d{1,5}\s+\d{1,5}\s+\S+\s*$/.test(value)
        ? undefined
        : invalid("SRVRRDATAWrongNumberOfFields", "SRV record doesn't have 4 fields");
    default:
      return undefined;
  }
}

function isDomain(value: string): boolean {
  const name = value.replace(/\.$/, "");
  return (
    name.length > 0 &&
    name.length <= 255 &&
    name.split(".").every((label) => label.length > 0 && label.length <= 63) &&
    !/\s/.test(name)
  );
}
