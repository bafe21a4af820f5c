import { rampSteps } from "../../plan/redeploy.ts";
import { registries as builtIn, type Registries } from "../../plan/registries.ts";
import type { Plan } from "../../plan/schema.ts";
import type { Machine } from "../asl.ts";
import type { Bindings } from "../context.ts";
import { backStates } from "./back.ts";
import { beginStates } from "./begin.ts";
import { rampBound } from "./bound.ts";
import { dryRunStates } from "./dry-run.ts";
import { endStates } from "./end.ts";
import { RAMP, rampContext } from "./names.ts";
import { stepStates } from "./step.ts";

/**
 * The machine that brings a fixed release out again: resolved whole, then step after step, each held and measured by
 * executions of the hold's own machine, and back to the previous step at the first criterion that fires. It holds the
 * lock only while it changes something. Every way but the good one, and that of a dry run, ends in Fail. Pure.
 */
export function compileRedeploy(plan: Plan, bindings: Bindings, registries: Registries = builtIn): Machine {
  const steps = rampSteps(plan);
  const context = rampContext({ plan, bindings, registries });
  const boundSeconds = rampBound(plan, registries);
  return {
    Comment: `Brings a fixed release of ${plan.service} out again: ${steps.map(({ name }) => name).join(", ")}`,
    QueryLanguage: "JSONata",
    StartAt: RAMP.begin,
    TimeoutSeconds: boundSeconds,
    States: {
      ...beginStates(context, plan, steps, boundSeconds),
      ...dryRunStates(context, boundSeconds),
      ...Object.assign(
        {},
        ...steps.map(({ index }) => ({
          ...stepStates(context, steps, index),
          ...backStates(context, steps, index),
        })),
      ),
      ...endStates(context, steps),
    },
  };
}
