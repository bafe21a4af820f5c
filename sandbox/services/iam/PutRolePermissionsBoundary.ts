import type { PutRolePermissionsBoundaryCommandInput } from "@aws-sdk/client-iam";
import { operation } from "../../service.ts";
import { mustBeAttachable } from "./documents.ts";
import { roleNamed } from "./roles.ts";

/** Sets what the role may have at most. */
export const PutRolePermissionsBoundary = operation<PutRolePermissionsBoundaryCommandInput, object>({
  authorize: (input, { account }) => [
    {
      action: "iam:PutRolePermissionsBoundary",
      resources: [`arn:aws:iam::${account}:role/${input.RoleName}`],
    },
  ],
  run: (input, { world }) => {
    roleNamed(world, input.RoleName).boundary = mustBeAttachable(world, input.PermissionsBoundary);
    return {};
  },
});
