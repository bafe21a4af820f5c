import { isDeepStrictEqual } from "node:util";
import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import { refusal } from "../../runtime/errors.ts";

const dotted = (name: string | undefined) =>
  name === undefined ? undefined : `${name.replace(/\.$/, "").toLowerCase()}.`;

/** The record set as it will be: everything stays as it is but the value (weights, health checks and TTL included). */
export function nextSet(
  set: ResourceRecordSet,
  input: { value: string; type: string; alias?: { zone: string; evaluateTargetHealth: boolean } | undefined },
): ResourceRecordSet {
  const { AliasTarget: _, ResourceRecords: __, TTL, ...kept } = set;
  if (input.alias)
    return {
      ...kept,
      AliasTarget: {
        HostedZoneId: input.alias.zone,
        DNSName: dotted(input.value),
        EvaluateTargetHealth: input.alias.evaluateTargetHealth,
      },
    };
  return { ...kept, TTL: TTL ?? 60, ResourceRecords: [{ Value: input.value }] };
}

/** Refuses a record set that something else in Route 53 makes. Pure. */
export function mustBeOurs(
  { TrafficPolicyInstanceId }: ResourceRecordSet,
  { record, type, zone }: { record: string; type: string; zone: string },
): void {
  if (TrafficPolicyInstanceId)
    throw refusal(
      `${record} ${type} in ${zone} is made by the traffic policy instance ${TrafficPolicyInstanceId}, which would no longer own it. Nothing was changed. Change that instance, or give the plan a record of its own.`,
    );
}

/** What a person must know of a set whose value changes and whose other fields stay. Pure. */
export const whatStays = ({ HealthCheckId }: ResourceRecordSet): string[] =>
  HealthCheckId
    ? [
        `the health check ${HealthCheckId} stays on the record: Route 53 answers with the new value only while that check is healthy`,
      ]
    : [];

/** Whether two record sets say the same in every field; names without regard to case and final dots. */
export function sameSet(left: ResourceRecordSet, right: ResourceRecordSet): boolean {
  return isDeepStrictEqual(normal(left), normal(right));
}

const present = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined && each !== null));

/** Fields that Route 53 may get some day are compared too: they are kept as they are. */
function normal({ Name, AliasTarget, ResourceRecords = [], ...rest }: ResourceRecordSet): object {
  const value = (text: string | undefined) => (rest.Type === "CNAME" ? dotted(text) : text);
  return present({
    ...rest,
    Name: dotted(Name),
    AliasTarget: AliasTarget && present({ ...AliasTarget, DNSName: dotted(AliasTarget.DNSName) }),
    ResourceRecords: ResourceRecords.map(({ Value }) => value(Value)).toSorted(),
  });
}
