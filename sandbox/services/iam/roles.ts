import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { iamState, type Role } from "./state.ts";

/** The role, or NoSuchEntity as IAM words it. */
export function roleNamed(world: World, name: string | undefined): Role {
  const role = iamState(world).roles.get(name ?? "");
  if (!role)
    throw new ServiceException("NoSuchEntityException", `The role with name ${name} cannot be found.`);
  return role;
}

/** A role as IAM answers it. */
export function roleAnswer(role: Role) {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(role.trust)),
    Description: role.description,
    MaxSessionDuration: role.maxSession,
    ...(role.boundary
      ? {
          PermissionsBoundary: {
            PermissionsBoundaryType: "PermissionsBoundaryPolicy" as const,
            PermissionsBoundaryArn: role.boundary,
          },
        }
      : {}),
    Tags: role.tags,
  };
}
