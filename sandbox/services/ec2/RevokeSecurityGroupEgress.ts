import type {
  RevokeSecurityGroupEgressCommandInput,
  RevokeSecurityGroupEgressResult,
} from "@aws-sdk/client-ec2";
import { operation, ServiceException } from "../../service.ts";
import { permissionsOf } from "./permissions.ts";
import { groupOf, sameRule } from "./state.ts";

/** Takes egress rules out of a security group. */
export const RevokeSecurityGroupEgress = operation<
  RevokeSecurityGroupEgressCommandInput,
  RevokeSecurityGroupEgressResult
>({
  authorize: (input, { world }) => [
    {
      action: "ec2:RevokeSecurityGroupEgress",
      resources: [world.arn("ec2", `security-group/${input.GroupId ?? "*"}`)],
    },
  ],
  run: (input, { world }) => {
    const group = groupOf(world, input.GroupId);
    for (const rule of permissionsOf(input)) {
      const at = group.IpPermissionsEgress.findIndex((each) => sameRule(each, rule));
      if (at < 0)
        throw new ServiceException(
          "InvalidPermission.NotFound",
          "The specified rule does not exist in this security group.",
        );
      group.IpPermissionsEgress.splice(at, 1);
    }
    return { Return: true };
  },
});
