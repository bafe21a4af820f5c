import type { PutRolePolicyCommandInput, PutRolePolicyCommandOutput } from "@aws-sdk/client-iam";
import { operation } from "../../service.ts";
import { parseDocument } from "./documents.ts";
import { roleNamed } from "./roles.ts";

/** Sets an inline policy of a role. */
export const PutRolePolicy = operation<
  PutRolePolicyCommandInput,
  Omit<PutRolePolicyCommandOutput, "$metadata">
>({
  authorize: (input, { account }) => [
    { action: "iam:PutRolePolicy", resources: [`arn:aws:iam::${account}:role/${input.RoleName}`] },
  ],
  run: (input, { world }) => {
    roleNamed(world, input.RoleName).inline.set(input.PolicyName!, parseDocument(input.PolicyDocument));
    return {};
  },
});
