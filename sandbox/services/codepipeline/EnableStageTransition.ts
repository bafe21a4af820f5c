import type { EnableStageTransitionCommandInput } from "@aws-sdk/client-codepipeline";
import { operation } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { pipelineNamed, transitionOf } from "./state.ts";

/** Lets changes enter a stage again. */
export const EnableStageTransition = operation<EnableStageTransitionCommandInput, void>({
  authorize: (input, { world }) => [
    {
      action: "codepipeline:EnableStageTransition",
      resources: [world.arn("codepipeline", `${input.pipelineName}/${input.stageName}`)],
    },
  ],
  run: (input, { world, principal }) => {
    if (input.transitionType !== "Inbound") throw notImplemented("codepipeline", "outbound transitions");
    const transition = transitionOf(pipelineNamed(world, input.pipelineName), input.stageName);
    Object.assign(transition, {
      enabled: true,
      reason: undefined,
      changedAt: world.clock.now(),
      changedBy: principal.type === "role" ? principal.roleArn : world.arn("iam", "root", { region: "" }),
    });
  },
});
