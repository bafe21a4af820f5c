import type {
  ListAttachedRolePoliciesCommandInput,
  ListAttachedRolePoliciesCommandOutput,
} from "@aws-sdk/client-iam";
import { operation } from "../../service.ts";
import { roleNamed } from "./roles.ts";

/** Managed policies of a role. */
export const ListAttachedRolePolicies = operation<
  ListAttachedRolePoliciesCommandInput,
  Omit<ListAttachedRolePoliciesCommandOutput, "$metadata">
>({
  authorize: (input, { account }) => [
    { action: "iam:ListAttachedRolePolicies", resources: [`arn:aws:iam::${account}:role/${input.RoleName}`] },
  ],
  run: (input, { world }) => ({
    AttachedPolicies: [...roleNamed(world, input.RoleName).attached].map((PolicyArn) => ({
      PolicyArn,
      PolicyName: PolicyArn.split("/").at(-1),
    })),
    IsTruncated: false,
  }),
});
