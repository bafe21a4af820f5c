import type {
  DisassociateVPCFromHostedZoneCommandInput,
  DisassociateVPCFromHostedZoneCommandOutput,
} from "@aws-sdk/client-route-53";
import { operation, ServiceException } from "../../service.ts";
import { onZone, zoneOf } from "./lookup.ts";
import { changeAnswer, newChange } from "./state.ts";
import { throttle } from "./throttle.ts";
import { checkVpc } from "./vpcs.ts";

/** Hides a private zone from a VPC; the last VPC stays. */
export const DisassociateVPCFromHostedZone = operation<
  DisassociateVPCFromHostedZoneCommandInput,
  Omit<DisassociateVPCFromHostedZoneCommandOutput, "$metadata">
>({
  authorize: onZone(
    "DisassociateVPCFromHostedZone",
    (input: { HostedZoneId?: string }) => input.HostedZoneId,
  ),
  run: (input, { world }) => {
    throttle(world);
    const zone = zoneOf(world, input.HostedZoneId);
    checkVpc(world, input.VPC ?? {});
    const at = zone.vpcs.findIndex(
      (each) => each.VPCId === input.VPC?.VPCId && each.VPCRegion === input.VPC?.VPCRegion,
    );
    if (at < 0)
      throw new ServiceException(
        "VPCAssociationNotFound",
        "The specified VPC and hosted zone are not currently associated.",
        { status: 404 },
      );
    if (zone.vpcs.length === 1)
      throw new ServiceException(
        "LastVPCAssociation",
        "The VPC that you are trying to disassociate from the private hosted zone is the last VPC that is associated with the hosted zone. Amazon Route 53 doesn't support disassociating the last VPC from a hosted zone.",
      );
    zone.vpcs.splice(at, 1);
    return { ChangeInfo: changeAnswer(world, newChange(world, input.Comment)) };
  },
});
