import type { VPC } from "@aws-sdk/client-route-53";
import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { ec2State } from "../ec2/state.ts";
import { route53State } from "./state.ts";

/** A VPC must exist; where the sandbox has no EC2, its id must at least look like one. */
export function checkVpc(world: World, vpc: VPC): void {
  const id = vpc.VPCId ?? "";
  const known =
    world.services.has("ec2") && vpc.VPCRegion === world.region
      ? ec2State(world).vpcs.has(id)
      : /^vpc-[0-9a-f]{8,17}$/.test(id);
  if (!known) throw new ServiceException("InvalidVPCId", "The VPC ID is invalid.", { status: 400 });
}

/** A VPC sees at most one private zone of a name. */
export function refuseConflict(world: World, name: string, vpc: VPC): void {
  for (const zone of route53State(world).zones.values())
    if (zone.private && zone.name === name && zone.vpcs.some((each) => each.VPCId === vpc.VPCId))
      throw new ServiceException(
        "ConflictingDomainExists",
        `The VPC ${vpc.VPCId} in region ${vpc.VPCRegion} has already been associated with the hosted zone ${zone.id} with the same domain name.`,
        { status: 400 },
      );
}
