import type { Service } from "../../service.ts";
import { ApprovePlanExecutionStep } from "./ApprovePlanExecutionStep.ts";
import { CancelPlanExecution } from "./CancelPlanExecution.ts";
import { CreatePlan } from "./CreatePlan.ts";
import { GetPlan } from "./GetPlan.ts";
import { GetPlanEvaluationStatus } from "./GetPlanEvaluationStatus.ts";
import { GetPlanExecution } from "./GetPlanExecution.ts";
import { GetPlanInRegion } from "./GetPlanInRegion.ts";
import { ListPlanExecutions } from "./ListPlanExecutions.ts";
import { StartPlanExecution } from "./StartPlanExecution.ts";
import { decodeRegionSwitch } from "./wire.ts";

/** ARC Region switch: plans whose executions go on with the sandbox's clock, and set routing controls. */
export const arcRegionSwitch: Service = {
  name: "arc-region-switch",
  operations: {
    ApprovePlanExecutionStep,
    CancelPlanExecution,
    CreatePlan,
    GetPlan,
    GetPlanEvaluationStatus,
    GetPlanExecution,
    GetPlanInRegion,
    ListPlanExecutions,
    StartPlanExecution,
  },
  decode: decodeRegionSwitch,
};
