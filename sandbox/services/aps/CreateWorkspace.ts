import type { CreateWorkspaceCommandInput, CreateWorkspaceResponse } from "@aws-sdk/client-amp";
import { operation } from "../../service.ts";
import { makeWorkspace } from "./state.ts";

/** Makes a workspace; here it is active at once. */
export const CreateWorkspace = operation<CreateWorkspaceCommandInput, CreateWorkspaceResponse>({
  authorize: (_, { world }) => [
    { action: "aps:CreateWorkspace", resources: [world.arn("aps", "/workspaces")] },
  ],
  run: ({ alias, tags }, { world }) => {
    const { workspaceId, arn, status } = makeWorkspace(world, { alias }).description;
    return { workspaceId, arn, status, ...(tags ? { tags } : {}) };
  },
});
