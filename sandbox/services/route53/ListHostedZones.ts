import type { ListHostedZonesCommandInput, ListHostedZonesCommandOutput } from "@aws-sdk/client-route-53";
import { operation } from "../../service.ts";
import { onAll, pageOf, zoneAnswer } from "./lookup.ts";
import { bareId } from "./names.ts";
import { route53State } from "./state.ts";
import { throttle } from "./throttle.ts";

/** Lists zones by id. */
export const ListHostedZones = operation<
  ListHostedZonesCommandInput,
  Omit<ListHostedZonesCommandOutput, "$metadata">
>({
  authorize: onAll("ListHostedZones"),
  run: (input, { world }) => {
    throttle(world);
    const zones = [...route53State(world).zones.values()]
      .filter((zone) => !input.DelegationSetId || zone.delegationSetId === bareId(input.DelegationSetId))
      .filter((zone) => input.HostedZoneType !== "PrivateHostedZone" || zone.private);
    const { items, size, next } = pageOf(zones, (zone) => zone.id, input.Marker, input.MaxItems);
    return {
      HostedZones: items.map(zoneAnswer),
      Marker: input.Marker,
      IsTruncated: next !== undefined,
      ...(next === undefined ? {} : { NextMarker: next }),
      MaxItems: size,
    };
  },
});
