import type { DescribeWorkspaceCommandInput, DescribeWorkspaceResponse } from "@aws-sdk/client-amp";
import { operation } from "../../service.ts";
import { workspaceArn, workspaceOf } from "./state.ts";

/** What a workspace is, and where it is asked. */
export const DescribeWorkspace = operation<DescribeWorkspaceCommandInput, DescribeWorkspaceResponse>({
  authorize: ({ workspaceId }, { world }) => [
    { action: "aps:DescribeWorkspace", resources: [workspaceArn(world, workspaceId)] },
  ],
  run: ({ workspaceId }, { world }) => ({ workspace: workspaceOf(world, workspaceId).description }),
});
