import type {
  RevokeSecurityGroupIngressCommandInput,
  RevokeSecurityGroupIngressResult,
} from "@aws-sdk/client-ec2";
import { operation, ServiceException } from "../../service.ts";
import { permissionsOf } from "./permissions.ts";
import { groupOf, sameRule } from "./state.ts";

/** Takes ingress rules out of a security group. */
export const RevokeSecurityGroupIngress = operation<
  RevokeSecurityGroupIngressCommandInput,
  RevokeSecurityGroupIngressResult
>({
  authorize: (input, { world }) => [
    {
      action: "ec2:RevokeSecurityGroupIngress",
      resources: [world.arn("ec2", `security-group/${input.GroupId ?? "*"}`)],
    },
  ],
  run: (input, { world }) => {
    const group = groupOf(world, input.GroupId, input.GroupName);
    for (const rule of permissionsOf(input)) {
      const at = group.IpPermissions.findIndex((each) => sameRule(each, rule));
      if (at < 0)
        throw new ServiceException(
          "InvalidPermission.NotFound",
          "The specified rule does not exist in this security group.",
        );
      group.IpPermissions.splice(at, 1);
    }
    return { Return: true };
  },
});
