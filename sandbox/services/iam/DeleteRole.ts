import type { DeleteRoleCommandInput, DeleteRoleCommandOutput } from "@aws-sdk/client-iam";
import { operation, ServiceException } from "../../service.ts";
import { roleNamed } from "./roles.ts";
import { iamState } from "./state.ts";

/** Deletes a role that has no policies left. */
export const DeleteRole = operation<DeleteRoleCommandInput, Omit<DeleteRoleCommandOutput, "$metadata">>({
  authorize: (input, { account }) => [
    { action: "iam:DeleteRole", resources: [`arn:aws:iam::${account}:role/${input.RoleName}`] },
  ],
  run: (input, { world }) => {
    const role = roleNamed(world, input.RoleName);
    if (role.inline.size + role.attached.size > 0)
      throw new ServiceException(
        "DeleteConflictException",
        "Cannot delete entity, must delete policies first.",
      );
    iamState(world).roles.delete(role.name);
    return {};
  },
});
