import type {
  AssociateVPCWithHostedZoneCommandInput,
  AssociateVPCWithHostedZoneCommandOutput,
} from "@aws-sdk/client-route-53";
import { operation, ServiceException } from "../../service.ts";
import { onZone, zoneOf } from "./lookup.ts";
import { changeAnswer, newChange } from "./state.ts";
import { throttle } from "./throttle.ts";
import { checkVpc, refuseConflict } from "./vpcs.ts";

/** Lets a further VPC see a private zone. */
export const AssociateVPCWithHostedZone = operation<
  AssociateVPCWithHostedZoneCommandInput,
  Omit<AssociateVPCWithHostedZoneCommandOutput, "$metadata">
>({
  authorize: onZone("AssociateVPCWithHostedZone", (input: { HostedZoneId?: string }) => input.HostedZoneId),
  run: (input, { world }) => {
    throttle(world);
    const zone = zoneOf(world, input.HostedZoneId);
    const vpc = input.VPC ?? {};
    if (!zone.private)
      throw new ServiceException(
        "PublicZoneVPCAssociation",
        "You're trying to associate a VPC with a public hosted zone. Amazon Route 53 doesn't support associating a VPC with a public hosted zone.",
      );
    checkVpc(world, vpc);
    refuseConflict(world, zone.name, vpc);
    zone.vpcs.push({ VPCRegion: vpc.VPCRegion, VPCId: vpc.VPCId });
    return { ChangeInfo: changeAnswer(world, newChange(world, input.Comment)) };
  },
});
