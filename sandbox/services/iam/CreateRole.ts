import type { CreateRoleCommandInput, CreateRoleCommandOutput } from "@aws-sdk/client-iam";
import { operation, ServiceException } from "../../service.ts";
import { randomId } from "../../world.ts";
import { mustBeAttachable, parseDocument } from "./documents.ts";
import { roleAnswer } from "./roles.ts";
import { iamState, type Role } from "./state.ts";

/** Makes a role. */
export const CreateRole = operation<CreateRoleCommandInput, Omit<CreateRoleCommandOutput, "$metadata">>({
  authorize: (input, { account }) => [
    { action: "iam:CreateRole", resources: [`arn:aws:iam::${account}:role/${input.RoleName}`] },
  ],
  run: (input, { world, account }) => {
    const { roles } = iamState(world);
    const name = input.RoleName!;
    if (roles.has(name))
      throw new ServiceException("EntityAlreadyExistsException", `Role with name ${name} already exists.`);
    const path = input.Path ?? "/";
    const role: Role = {
      name,
      path,
      arn: `arn:aws:iam::${account}:role${path}${name}`,
      id: `AROA${randomId(17)}`,
      createdAt: world.clock.now(),
      description: input.Description,
      trust: parseDocument(input.AssumeRolePolicyDocument),
      maxSession: input.MaxSessionDuration ?? 3600,
      boundary: input.PermissionsBoundary && mustBeAttachable(world, input.PermissionsBoundary),
      inline: new Map(),
      attached: new Set(),
      tags: (input.Tags ?? []).map(({ Key = "", Value = "" }) => ({ Key, Value })),
    };
    roles.set(name, role);
    return { Role: roleAnswer(role) };
  },
});
