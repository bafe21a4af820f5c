import { operation } from "../../service.ts";
import { onPlan, planOf } from "./state.ts";
import type { Plan } from "./types.ts";

/** A plan, from the control plane in us-east-1. */
export const GetPlan = operation<{ arn: string }, { plan: Plan }>({
  authorize: onPlan("GetPlan"),
  run: ({ arn }, { world }) => ({ plan: planOf(world, arn) }),
});
