import type { ListRolePoliciesCommandInput, ListRolePoliciesCommandOutput } from "@aws-sdk/client-iam";
import { operation } from "../../service.ts";
import { roleNamed } from "./roles.ts";

/** Names of the inline policies. */
export const ListRolePolicies = operation<
  ListRolePoliciesCommandInput,
  Omit<ListRolePoliciesCommandOutput, "$metadata">
>({
  authorize: (input, { account }) => [
    { action: "iam:ListRolePolicies", resources: [`arn:aws:iam::${account}:role/${input.RoleName}`] },
  ],
  run: (input, { world }) => ({
    PolicyNames: [...roleNamed(world, input.RoleName).inline.keys()],
    IsTruncated: false,
  }),
});
