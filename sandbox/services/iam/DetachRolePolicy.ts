import type { DetachRolePolicyCommandInput, DetachRolePolicyCommandOutput } from "@aws-sdk/client-iam";
import { operation } from "../../service.ts";
import { roleNamed } from "./roles.ts";

/** Detaches a managed policy. */
export const DetachRolePolicy = operation<
  DetachRolePolicyCommandInput,
  Omit<DetachRolePolicyCommandOutput, "$metadata">
>({
  authorize: (input, { account }) => [
    { action: "iam:DetachRolePolicy", resources: [`arn:aws:iam::${account}:role/${input.RoleName}`] },
  ],
  run: (input, { world }) => {
    roleNamed(world, input.RoleName).attached.delete(input.PolicyArn!);
    return {};
  },
});
