import type { CreatePipelineCommandInput, CreatePipelineOutput } from "@aws-sdk/client-codepipeline";
import { operation, ServiceException } from "../../service.ts";
import { pipelines } from "./state.ts";

/** Keeps a pipeline's declaration; no stage is ever run here. */
export const CreatePipeline = operation<CreatePipelineCommandInput, CreatePipelineOutput>({
  authorize: (input, { world }) => [
    {
      action: "codepipeline:CreatePipeline",
      resources: [world.arn("codepipeline", input.pipeline?.name ?? "")],
    },
  ],
  run: ({ pipeline }, { world }) => {
    const name = pipeline?.name ?? "";
    if (pipelines(world).has(name))
      throw new ServiceException(
        "PipelineNameInUseException",
        `A pipeline with the name '${name}' already exists in account '${world.account}'`,
      );
    const declaration = { ...pipeline!, version: 1 };
    const transition = { enabled: true, reason: undefined, changedAt: world.clock.now(), changedBy: "" };
    pipelines(world).set(name, {
      declaration,
      createdAt: world.clock.now(),
      transitions: new Map((declaration.stages ?? []).map((stage) => [stage.name ?? "", { ...transition }])),
    });
    return { pipeline: declaration };
  },
});
