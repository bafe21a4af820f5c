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

/** Whether two record sets say the same; names without regard to case and final dots. */
export function sameSet(left: ResourceRecordSet, right: ResourceRecordSet): boolean {
  return JSON.stringify(normal(left)) === JSON.stringify(normal(right));
}

function normal(set: ResourceRecordSet): unknown {
  const {
    Name,
    Type,
    SetIdentifier,
    Weight,
    Region,
    Failover,
    MultiValueAnswer,
    TTL,
    HealthCheckId,
    GeoLocation,
    AliasTarget,
    ResourceRecords,
  } = set;
  const value = (text: string | undefined) => (Type === "CNAME" ? dotted(text) : text);
  return [
    ...[
      dotted(Name),
      Type,
      SetIdentifier,
      Weight,
      Region,
      Failover,
      MultiValueAnswer,
      TTL,
      HealthCheckId,
      GeoLocation,
    ].map((each) => each ?? null),
    AliasTarget
      ? [AliasTarget.HostedZoneId, dotted(AliasTarget.DNSName), AliasTarget.EvaluateTargetHealth]
      : null,
    (ResourceRecords ?? []).map(({ Value }) => value(Value)).toSorted(),
  ];
}
