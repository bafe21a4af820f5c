import type { Service } from "../../service.ts";
import { AttachRolePolicy } from "./AttachRolePolicy.ts";
import { CreatePolicy } from "./CreatePolicy.ts";
import { CreateRole } from "./CreateRole.ts";
import { DeleteRole } from "./DeleteRole.ts";
import { DeleteRolePolicy } from "./DeleteRolePolicy.ts";
import { DetachRolePolicy } from "./DetachRolePolicy.ts";
import { GetRole } from "./GetRole.ts";
import { GetRolePolicy } from "./GetRolePolicy.ts";
import { ListAttachedRolePolicies } from "./ListAttachedRolePolicies.ts";
import { ListRolePolicies } from "./ListRolePolicies.ts";
import { ListRoles } from "./ListRoles.ts";
import { PutRolePolicy } from "./PutRolePolicy.ts";

/** AWS Identity and Access Management, as far as stacks with roles need it. */
export const iam: Service = {
  name: "iam",
  client: () => import("@aws-sdk/client-iam"),
  operations: {
    AttachRolePolicy,
    CreatePolicy,
    CreateRole,
    DeleteRole,
    DeleteRolePolicy,
    DetachRolePolicy,
    GetRole,
    GetRolePolicy,
    ListAttachedRolePolicies,
    ListRolePolicies,
    ListRoles,
    PutRolePolicy,
  },
};
