import type { DisableStageTransitionCommandInput } from "@aws-sdk/client-codepipeline";
import { operation, ServiceException } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { pipelineNamed, transitionOf } from "./state.ts";

/** Keeps changes from entering a stage, with the reason that people see. */
export const DisableStageTransition = operation<DisableStageTransitionCommandInput, void>({
  authorize: (input, { world }) => [
    {
      action: "codepipeline:DisableStageTransition",
      resources: [world.arn("codepipeline", `${input.pipelineName}/${input.stageName}`)],
    },
  ],
  run: (input, { world, principal }) => {
    if (input.transitionType !== "Inbound") throw notImplemented("codepipeline", "outbound transitions");
    if (!/^[a-zA-Z0-9!@ ().*?-]{1,300}$/.test(input.reason ?? ""))
      throw new ServiceException(
        "ValidationException",
        `1 validation error detected: Value '${input.reason}' at 'reason' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9!@ \\(\\)\\.\\*\\?\\-]+`,
      );
    const transition = transitionOf(pipelineNamed(world, input.pipelineName), input.stageName);
    Object.assign(transition, {
      enabled: false,
      reason: input.reason,
      changedAt: world.clock.now(),
      changedBy: principal.type === "role" ? principal.roleArn : world.arn("iam", "root", { region: "" }),
    });
  },
});
