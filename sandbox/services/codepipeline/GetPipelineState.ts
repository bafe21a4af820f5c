import type { GetPipelineStateCommandInput, GetPipelineStateOutput } from "@aws-sdk/client-codepipeline";
import { operation } from "../../service.ts";
import { pipelineNamed } from "./state.ts";

/** A pipeline's stages and whether changes may enter them. */
export const GetPipelineState = operation<GetPipelineStateCommandInput, GetPipelineStateOutput>({
  authorize: (input, { world }) => [
    { action: "codepipeline:GetPipelineState", resources: [world.arn("codepipeline", input.name ?? "")] },
  ],
  run: (input, { world }) => {
    const { declaration, createdAt, transitions } = pipelineNamed(world, input.name);
    return {
      pipelineName: declaration.name,
      pipelineVersion: declaration.version,
      created: new Date(createdAt),
      updated: new Date(createdAt),
      stageStates: [...transitions].map(([stageName, { enabled, reason, changedAt, changedBy }]) => ({
        stageName,
        inboundTransitionState: {
          enabled,
          // A transition that was never closed says nothing about itself.
          ...(changedBy === "" ? {} : { lastChangedAt: new Date(changedAt), lastChangedBy: changedBy }),
          ...(reason === undefined ? {} : { disabledReason: reason }),
        },
      })),
    };
  },
});
