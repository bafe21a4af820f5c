import { isDeepStrictEqual } from "node:util";
import { permissionsOf } from "../ip-permissions.ts";
import { resourceType } from "../resource.ts";

const EVERYWHERE = [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }];

/** A security group with the rules written into it. */
export const ec2SecurityGroup = resourceType({
  uses: ["GroupName", "GroupDescription", "VpcId", "SecurityGroupIngress", "SecurityGroupEgress", "Tags"],
  replacedBy: ["GroupName", "GroupDescription", "VpcId"],
  create: async (properties, context) => {
    const { GroupId } = await context.call<{ GroupId: string }>("ec2", "CreateSecurityGroup", {
      GroupName: properties["GroupName"] ?? context.physicalName(255),
      Description: properties["GroupDescription"],
      VpcId: properties["VpcId"],
      ...(properties["Tags"]
        ? { TagSpecifications: [{ ResourceType: "security-group", Tags: properties["Tags"] }] }
        : {}),
    });
    const ingress = permissionsOf(properties["SecurityGroupIngress"]);
    const egress = permissionsOf(properties["SecurityGroupEgress"]);
    if (ingress.length > 0)
      await context.call("ec2", "AuthorizeSecurityGroupIngress", { GroupId, IpPermissions: ingress });
    if (egress.length > 0) {
      // A template's own rules stand instead of the rule every new group has.
      await context.call("ec2", "RevokeSecurityGroupEgress", { GroupId, IpPermissions: EVERYWHERE });
      await context.call("ec2", "AuthorizeSecurityGroupEgress", { GroupId, IpPermissions: egress });
    }
    const { SecurityGroups } = await context.call<{ SecurityGroups: { VpcId: string }[] }>(
      "ec2",
      "DescribeSecurityGroups",
      { GroupIds: [GroupId] },
    );
    return { physicalId: GroupId, attributes: { GroupId, Id: GroupId, VpcId: SecurityGroups[0]?.VpcId } };
  },
  update: async (properties, context, { made, properties: before }) => {
    const GroupId = made.physicalId;
    for (const [name, verb] of [
      ["SecurityGroupIngress", "Ingress"],
      ["SecurityGroupEgress", "Egress"],
    ] as const) {
      if (isDeepStrictEqual(properties[name], before[name])) continue;
      const had = permissionsOf(before[name]);
      const wants = permissionsOf(properties[name]);
      if (had.length > 0)
        await context.call("ec2", `RevokeSecurityGroup${verb}`, { GroupId, IpPermissions: had });
      if (wants.length > 0)
        await context.call("ec2", `AuthorizeSecurityGroup${verb}`, { GroupId, IpPermissions: wants });
    }
    return made;
  },
  delete: async ({ physicalId: GroupId }, { call }) => {
    await call("ec2", "DeleteSecurityGroup", { GroupId });
  },
});
