import type {
  ListHostedZonesByVPCCommandInput,
  ListHostedZonesByVPCCommandOutput,
} from "@aws-sdk/client-route-53";
import { operation } from "../../service.ts";
import { onAll, pageOf } from "./lookup.ts";
import { route53State } from "./state.ts";
import { throttle } from "./throttle.ts";
import { checkVpc } from "./vpcs.ts";

/** Lists the private zones that a VPC sees. */
export const ListHostedZonesByVPC = operation<
  ListHostedZonesByVPCCommandInput,
  Omit<ListHostedZonesByVPCCommandOutput, "$metadata">
>({
  authorize: onAll("ListHostedZonesByVPC"),
  run: (input, { world }) => {
    throttle(world);
    checkVpc(world, input);
    const zones = [...route53State(world).zones.values()].filter((zone) =>
      zone.vpcs.some((vpc) => vpc.VPCId === input.VPCId && vpc.VPCRegion === input.VPCRegion),
    );
    const { items, size, next } = pageOf(zones, (zone) => zone.id, input.NextToken, input.MaxItems);
    return {
      HostedZoneSummaries: items.map((zone) => ({
        HostedZoneId: zone.id,
        Name: zone.name,
        Owner: { OwningAccount: world.account },
      })),
      MaxItems: size,
      ...(next === undefined ? {} : { NextToken: next }),
    };
  },
});
