import type { DeleteHostedZoneCommandInput, DeleteHostedZoneCommandOutput } from "@aws-sdk/client-route-53";
import { operation, ServiceException } from "../../service.ts";
import { onZone, zoneOf } from "./lookup.ts";
import { changeAnswer, newChange, route53State } from "./state.ts";
import { throttle } from "./throttle.ts";

/** Deletes a zone that holds nothing but its own NS and SOA. */
export const DeleteHostedZone = operation<
  DeleteHostedZoneCommandInput,
  Omit<DeleteHostedZoneCommandOutput, "$metadata">
>({
  authorize: onZone("DeleteHostedZone"),
  run: (input, { world }) => {
    throttle(world);
    const zone = zoneOf(world, input.Id);
    if (zone.records.some((set) => set.Name !== zone.name || (set.Type !== "NS" && set.Type !== "SOA")))
      throw new ServiceException(
        "HostedZoneNotEmpty",
        "The specified hosted zone contains non-required resource record sets  and so cannot be deleted.",
        { status: 400 },
      );
    const { zones, tags } = route53State(world);
    zones.delete(zone.id);
    tags.delete(`hostedzone/${zone.id}`);
    return { ChangeInfo: changeAnswer(world, newChange(world)) };
  },
});
