import type { DeleteRolePolicyCommandInput, DeleteRolePolicyCommandOutput } from "@aws-sdk/client-iam";
import { operation, ServiceException } from "../../service.ts";
import { roleNamed } from "./roles.ts";

/** Removes an inline policy. */
export const DeleteRolePolicy = operation<
  DeleteRolePolicyCommandInput,
  Omit<DeleteRolePolicyCommandOutput, "$metadata">
>({
  authorize: (input, { account }) => [
    { action: "iam:DeleteRolePolicy", resources: [`arn:aws:iam::${account}:role/${input.RoleName}`] },
  ],
  run: (input, { world }) => {
    if (!roleNamed(world, input.RoleName).inline.delete(input.PolicyName!))
      throw new ServiceException(
        "NoSuchEntityException",
        `The role policy with name ${input.PolicyName} cannot be found.`,
      );
    return {};
  },
});
