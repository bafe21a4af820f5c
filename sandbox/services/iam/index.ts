import type { Service } from "../../service.ts";
import { AttachRolePolicy } from "./AttachRolePolicy.ts";
import { CreatePolicy } from "./CreatePolicy.ts";
import { CreateRole } from "./CreateRole.ts";
import { DeletePolicy } from "./DeletePolicy.ts";
import { DeleteRole } from "./DeleteRole.ts";
import { DeleteRolePolicy } from "./DeleteRolePolicy.ts";
import { DetachRolePolicy } from "./DetachRolePolicy.ts";
import { GetPolicy } from "./GetPolicy.ts";
import { GetPolicyVersion } from "./GetPolicyVersion.ts";
import { GetRole } from "./GetRole.ts";
import { GetRolePolicy } from "./GetRolePolicy.ts";
import { ListAttachedRolePolicies } from "./ListAttachedRolePolicies.ts";
import { ListRolePolicies } from "./ListRolePolicies.ts";
import { ListRoles } from "./ListRoles.ts";
import { PutRolePermissionsBoundary } from "./PutRolePermissionsBoundary.ts";
import { PutRolePolicy } from "./PutRolePolicy.ts";
import { SimulatePrincipalPolicy } from "./SimulatePrincipalPolicy.ts";
import { UpdateAssumeRolePolicy } from "./UpdateAssumeRolePolicy.ts";
import { UploadServerCertificate } from "./UploadServerCertificate.ts";

/** AWS Identity and Access Management, as far as stacks with roles need it. */
export const iam: Service = {
  name: "iam",
  client: () => import("@aws-sdk/client-iam"),
  operations: {
    AttachRolePolicy,
    CreatePolicy,
    CreateRole,
    DeletePolicy,
    DeleteRole,
    DeleteRolePolicy,
    DetachRolePolicy,
    GetPolicy,
    GetPolicyVersion,
    GetRole,
    GetRolePolicy,
    ListAttachedRolePolicies,
    ListRolePolicies,
    ListRoles,
    PutRolePermissionsBoundary,
    PutRolePolicy,
    SimulatePrincipalPolicy,
    UpdateAssumeRolePolicy,
    UploadServerCertificate,
  },
};
