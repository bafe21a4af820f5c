import { operation } from "../../service.ts";
import { onPlan, planOf } from "./state.ts";
import type { Plan } from "./types.ts";

/** A plan, from the data plane of one of its Regions. */
export const GetPlanInRegion = operation<{ arn: string }, { plan: Plan }>({
  authorize: onPlan("GetPlanInRegion"),
  run: ({ arn }, { world }) => ({ plan: planOf(world, arn) }),
});
