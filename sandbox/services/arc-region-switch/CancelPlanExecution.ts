import { operation, ServiceException } from "../../service.ts";
import { canceled } from "./run.ts";
import { executionOf, onPlan, UNDER_WAY } from "./state.ts";

/** Ends an execution where it is: what was done stays. */
export const CancelPlanExecution = operation<{ planArn: string; executionId: string }, object>({
  authorize: onPlan("CancelPlanExecution"),
  run: ({ planArn, executionId }, { world }) => {
    const running = executionOf(world, planArn, executionId);
    if (!UNDER_WAY.includes(running.execution.executionState))
      throw new ServiceException("IllegalStateException", `Execution ${executionId} is over`, {
        status: 400,
      });
    canceled(world, running);
    return {};
  },
});
