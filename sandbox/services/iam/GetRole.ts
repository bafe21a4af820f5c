import type { GetRoleCommandInput, GetRoleCommandOutput } from "@aws-sdk/client-iam";
import { operation } from "../../service.ts";
import { roleAnswer, roleNamed } from "./roles.ts";

/** One role. */
export const GetRole = operation<GetRoleCommandInput, Omit<GetRoleCommandOutput, "$metadata">>({
  authorize: (input, { account }) => [
    { action: "iam:GetRole", resources: [`arn:aws:iam::${account}:role/${input.RoleName}`] },
  ],
  run: (input, { world }) => ({ Role: roleAnswer(roleNamed(world, input.RoleName)) }),
});
