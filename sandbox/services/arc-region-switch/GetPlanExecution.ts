import { operation } from "../../service.ts";
import { executionOf, onPlan } from "./state.ts";
import type { Execution } from "./types.ts";

/** How far an execution is, step by step. */
export const GetPlanExecution = operation<{ planArn: string; executionId: string }, Execution>({
  authorize: onPlan("GetPlanExecution"),
  run: ({ planArn, executionId }, { world }) => executionOf(world, planArn, executionId).execution,
});
