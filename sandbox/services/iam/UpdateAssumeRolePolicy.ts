import type { UpdateAssumeRolePolicyCommandInput } from "@aws-sdk/client-iam";
import { operation } from "../../service.ts";
import { parseDocument } from "./documents.ts";
import { roleNamed } from "./roles.ts";

/** Sets who may take the role on. */
export const UpdateAssumeRolePolicy = operation<UpdateAssumeRolePolicyCommandInput, object>({
  authorize: (input, { account }) => [
    { action: "iam:UpdateAssumeRolePolicy", resources: [`arn:aws:iam::${account}:role/${input.RoleName}`] },
  ],
  run: (input, { world }) => {
    roleNamed(world, input.RoleName).trust = parseDocument(input.PolicyDocument);
    return {};
  },
});
