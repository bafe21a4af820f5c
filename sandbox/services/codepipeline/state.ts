import type { PipelineDeclaration } from "@aws-sdk/client-codepipeline";
import { ServiceException } from "../../service.ts";
import { stateOf, type World } from "../../world.ts";

/** Whether changes may enter a stage, and who said why not. */
export interface Transition {
  enabled: boolean;
  reason: string | undefined;
  changedAt: number;
  changedBy: string;
}

export interface Pipeline {
  declaration: PipelineDeclaration;
  createdAt: number;
  /** By stage. */
  transitions: Map<string, Transition>;
}

export const pipelines = stateOf(() => new Map<string, Pipeline>());

export function pipelineNamed(world: World, name: string | undefined): Pipeline {
  const found = pipelines(world).get(name ?? "");
  if (!found)
    throw new ServiceException(
      "PipelineNotFoundException",
      `Account '${world.account}' does not have a pipeline with name '${name}'`,
    );
  return found;
}

export function transitionOf(pipeline: Pipeline, stage: string | undefined): Transition {
  const found = pipeline.transitions.get(stage ?? "");
  if (!found)
    throw new ServiceException(
      "StageNotFoundException",
      `Pipeline '${pipeline.declaration.name}' does not have a stage with name '${stage}'`,
    );
  return found;
}
