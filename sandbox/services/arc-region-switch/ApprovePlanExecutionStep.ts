import { operation, ServiceException } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { approved } from "./run.ts";
import { executionOf, onPlan } from "./state.ts";

interface Input {
  planArn: string;
  executionId: string;
  stepName: string;
  approval: "approve" | "decline";
}

/** A person's word on a step that waits for it. */
export const ApprovePlanExecutionStep = operation<Input, object>({
  authorize: onPlan("ApprovePlanExecutionStep"),
  run: ({ planArn, executionId, stepName, approval }, { world }) => {
    const running = executionOf(world, planArn, executionId);
    const waiting = running.execution.stepStates.find(({ status }) => status === "pendingApproval");
    if (waiting?.name !== stepName)
      throw new ServiceException("ResourceNotFoundException", `No step ${stepName} waits for an approval`, {
        status: 404,
      });
    if (approval !== "approve") throw notImplemented("arc-region-switch", "declining a step");
    approved(world, running);
    return {};
  },
});
