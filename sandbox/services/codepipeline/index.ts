import type { Service } from "../../service.ts";
import { CreatePipeline } from "./CreatePipeline.ts";
import { DisableStageTransition } from "./DisableStageTransition.ts";
import { EnableStageTransition } from "./EnableStageTransition.ts";
import { GetPipelineState } from "./GetPipelineState.ts";

/** AWS CodePipeline: the transitions between stages. Pipelines do not run here. */
export const codepipeline: Service = {
  name: "codepipeline",
  client: () => import("@aws-sdk/client-codepipeline"),
  operations: { CreatePipeline, DisableStageTransition, EnableStageTransition, GetPipelineState },
};
