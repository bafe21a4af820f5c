import type { GetRolePolicyCommandInput, GetRolePolicyCommandOutput } from "@aws-sdk/client-iam";
import { operation, ServiceException } from "../../service.ts";
import { roleNamed } from "./roles.ts";

/** One inline policy of a role. */
export const GetRolePolicy = operation<
  GetRolePolicyCommandInput,
  Omit<GetRolePolicyCommandOutput, "$metadata">
>({
  authorize: (input, { account }) => [
    { action: "iam:GetRolePolicy", resources: [`arn:aws:iam::${account}:role/${input.RoleName}`] },
  ],
  run: (input, { world }) => {
    const document = roleNamed(world, input.RoleName).inline.get(input.PolicyName!);
    if (!document)
      throw new ServiceException(
        "NoSuchEntityException",
        `The role policy with name ${input.PolicyName} cannot be found.`,
      );
    return {
      RoleName: input.RoleName,
      PolicyName: input.PolicyName,
      PolicyDocument: encodeURIComponent(JSON.stringify(document)),
    };
  },
});
