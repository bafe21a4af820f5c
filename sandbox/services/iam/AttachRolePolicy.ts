import type { AttachRolePolicyCommandInput, AttachRolePolicyCommandOutput } from "@aws-sdk/client-iam";
import { operation } from "../../service.ts";
import { mustBeAttachable } from "./documents.ts";
import { roleNamed } from "./roles.ts";

/** Attaches a managed policy. */
export const AttachRolePolicy = operation<
  AttachRolePolicyCommandInput,
  Omit<AttachRolePolicyCommandOutput, "$metadata">
>({
  authorize: (input, { account }) => [
    { action: "iam:AttachRolePolicy", resources: [`arn:aws:iam::${account}:role/${input.RoleName}`] },
  ],
  run: (input, { world }) => {
    roleNamed(world, input.RoleName).attached.add(mustBeAttachable(world, input.PolicyArn));
    return {};
  },
});
