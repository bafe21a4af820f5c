import type { CreateHostedZoneCommandInput, CreateHostedZoneCommandOutput } from "@aws-sdk/client-route-53";
import { operation, ServiceException } from "../../service.ts";
import { randomId } from "../../world.ts";
import { delegationAnswer, zoneAnswer } from "./lookup.ts";
import { bareId, canonicalName } from "./names.ts";
import {
  changeAnswer,
  type HostedZone,
  newNameServers,
  ownRecords,
  PRIVATE_NAME_SERVERS,
  publishRecords,
  route53State,
} from "./state.ts";
import { throttle } from "./throttle.ts";
import { checkVpc, refuseConflict } from "./vpcs.ts";

function validName(canonical: string): boolean {
  const labels = canonical.slice(0, -1).split(".");
  return (
    canonical.length > 1 &&
    canonical.length <= 256 &&
    labels.every((label) => label.length > 0 && label.length <= 63)
  );
}

/** Makes a public zone, or a private one for a VPC. */
export const CreateHostedZone = operation<
  CreateHostedZoneCommandInput,
  Omit<CreateHostedZoneCommandOutput, "$metadata">
>({
  authorize: (input) => [
    {
      action: "route53:CreateHostedZone",
      resources: ["*"],
      ...(input.VPC?.VPCId
        ? { context: { "route53:VPCs": `VPCId=${input.VPC.VPCId},VPCRegion=${input.VPC.VPCRegion}` } }
        : {}),
    },
  ],
  run: (input, { world }) => {
    throttle(world);
    const { zones, delegationSets } = route53State(world);
    const name = canonicalName(input.Name ?? "");
    if (!validName(name))
      throw new ServiceException("InvalidDomainName", `${input.Name} is not a valid domain name`);
    const isPrivate = input.VPC !== undefined;
    if (input.HostedZoneConfig?.PrivateZone && !isPrivate)
      throw new ServiceException(
        "InvalidInput",
        "When you're creating a private hosted zone (when you specify true for PrivateZone), you must also specify values for VPCId and VPCRegion.",
      );
    if (input.VPC) checkVpc(world, input.VPC);
    if ([...zones.values()].some((zone) => zone.callerReference === input.CallerReference))
      throw new ServiceException(
        "HostedZoneAlreadyExists",
        "A hosted zone has already been created with the specified caller reference.",
        { status: 409 },
      );
    if (input.VPC) refuseConflict(world, name, input.VPC);
    const setId = input.DelegationSetId ? bareId(input.DelegationSetId) : undefined;
    const set = setId ? delegationSets.get(setId) : undefined;
    if (setId && !set)
      throw new ServiceException("NoSuchDelegationSet", `No delegation set found with ID: ${setId}`, {
        status: 400,
      });
    const nameServers = isPrivate ? PRIVATE_NAME_SERVERS : (set?.nameServers ?? newNameServers());
    const zone: HostedZone = {
      id: `Z${randomId(20)}`,
      name,
      callerReference: input.CallerReference!,
      comment: input.HostedZoneConfig?.Comment,
      private: isPrivate,
      vpcs: input.VPC ? [{ VPCRegion: input.VPC.VPCRegion, VPCId: input.VPC.VPCId }] : [],
      nameServers,
      delegationSetId: setId,
      records: [],
      published: [],
      pending: [],
    };
    zones.set(zone.id, zone);
    const change = publishRecords(world, zone, ownRecords(name, nameServers));
    return {
      HostedZone: zoneAnswer(zone),
      ChangeInfo: changeAnswer(world, change),
      ...(isPrivate ? { VPC: zone.vpcs[0] } : {}),
      DelegationSet: isPrivate ? undefined : delegationAnswer(zone),
      Location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${zone.id}`,
    };
  },
});
