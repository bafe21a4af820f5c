import { permissionsOf, RULE_PROPERTIES } from "../ip-permissions.ts";
import { resourceType } from "../resource.ts";

/** One ingress rule of a security group. */
export const ec2SecurityGroupIngress = resourceType({
  uses: ["GroupId", ...RULE_PROPERTIES],
  create: async (properties, context) => {
    const { GroupId, ...rule } = properties;
    await context.call("ec2", "AuthorizeSecurityGroupIngress", {
      GroupId,
      IpPermissions: permissionsOf([rule]),
    });
    return { physicalId: context.physicalName(100), attributes: {} };
  },
  delete: async (_, { call }, { GroupId, ...rule }) => {
    await call("ec2", "RevokeSecurityGroupIngress", { GroupId, IpPermissions: permissionsOf([rule]) });
  },
});
