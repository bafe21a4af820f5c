import type {
  ListHostedZonesByNameCommandInput,
  ListHostedZonesByNameCommandOutput,
} from "@aws-sdk/client-route-53";
import { operation } from "../../service.ts";
import { onAll, zoneAnswer } from "./lookup.ts";
import { bareId, canonicalName, sortKey } from "./names.ts";
import { route53State } from "./state.ts";
import { throttle } from "./throttle.ts";

/** Lists zones in the order of their reversed names, from a name on. */
export const ListHostedZonesByName = operation<
  ListHostedZonesByNameCommandInput,
  Omit<ListHostedZonesByNameCommandOutput, "$metadata">
>({
  authorize: onAll("ListHostedZonesByName"),
  run: (input, { world }) => {
    throttle(world);
    const start = input.DNSName === undefined ? "" : sortKey(canonicalName(input.DNSName));
    const startId = bareId(input.HostedZoneId);
    const zones = [...route53State(world).zones.values()]
      .map((zone) => ({ zone, key: sortKey(zone.name) }))
      .filter(({ zone, key }) => key > start || (key === start && zone.id >= startId))
      .sort((a, b) => (a.key === b.key ? (a.zone.id < b.zone.id ? -1 : 1) : a.key < b.key ? -1 : 1))
      .map(({ zone }) => zone);
    const size = Math.min(Number(input.MaxItems ?? 100), 100);
    const next = zones[size];
    return {
      HostedZones: zones.slice(0, size).map(zoneAnswer),
      ...(input.DNSName === undefined ? {} : { DNSName: input.DNSName }),
      ...(input.HostedZoneId === undefined ? {} : { HostedZoneId: input.HostedZoneId }),
      IsTruncated: next !== undefined,
      ...(next ? { NextDNSName: next.name, NextHostedZoneId: next.id } : {}),
      MaxItems: size,
    };
  },
});
