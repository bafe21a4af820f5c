import { operation } from "../../service.ts";
import { onPlan, planOf, regionSwitch } from "./state.ts";
import type { Execution, ExecutionState } from "./types.ts";

interface Input {
  planArn: string;
  state?: ExecutionState;
  maxResults?: number;
  nextToken?: string;
}

/** Executions of a plan, newest first, without their steps. */
export const ListPlanExecutions = operation<
  Input,
  { items: Omit<Execution, "stepStates">[]; nextToken?: string }
>({
  authorize: onPlan("ListPlanExecutions"),
  run: ({ planArn, state, maxResults = 20, nextToken = "0" }, { world }) => {
    planOf(world, planArn);
    const all = regionSwitch(world)
      .executions.map(({ execution }) => execution)
      .filter((each) => each.planArn === planArn && (!state || each.executionState === state))
      .toReversed();
    const from = Number(nextToken);
    return {
      items: all.slice(from, from + maxResults).map(({ stepStates: _, ...rest }) => rest),
      ...(all.length > from + maxResults ? { nextToken: String(from + maxResults) } : {}),
    };
  },
});
