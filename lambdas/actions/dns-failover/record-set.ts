import { isDeepStrictEqual } from "node:util";
import type { ResourceRecordSet } from "@aws-sdk/client-route-53";

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
