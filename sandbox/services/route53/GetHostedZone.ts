import type { GetHostedZoneCommandInput, GetHostedZoneCommandOutput } from "@aws-sdk/client-route-53";
import { operation } from "../../service.ts";
import { delegationAnswer, onZone, zoneAnswer, zoneOf } from "./lookup.ts";
import { throttle } from "./throttle.ts";

/** Answers a zone with its name servers or its VPCs. */
export const GetHostedZone = operation<
  GetHostedZoneCommandInput,
  Omit<GetHostedZoneCommandOutput, "$metadata">
>({
  authorize: onZone("GetHostedZone"),
  run: (input, { world }) => {
    throttle(world);
    const zone = zoneOf(world, input.Id);
    return {
      HostedZone: zoneAnswer(zone),
      ...(zone.private ? { VPCs: zone.vpcs } : { DelegationSet: delegationAnswer(zone) }),
    };
  },
});
