import type { ListRolesCommandInput, ListRolesCommandOutput } from "@aws-sdk/client-iam";
import { operation } from "../../service.ts";
import { roleAnswer } from "./roles.ts";
import { iamState } from "./state.ts";

/** All roles. */
export const ListRoles = operation<ListRolesCommandInput, Omit<ListRolesCommandOutput, "$metadata">>({
  authorize: () => [{ action: "iam:ListRoles", resources: ["*"] }],
  run: (_, { world }) => ({ Roles: [...iamState(world).roles.values()].map(roleAnswer), IsTruncated: false }),
});
