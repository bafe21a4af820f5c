import { registries as builtIn, type Registries } from "../plan/registries.ts";
import type { Plan } from "../plan/schema.ts";
import { approvalStates } from "./approval.ts";
import type { Machine } from "./asl.ts";
import type { Bindings, Context } from "./context.ts";
import { machineBound } from "./deadline.ts";
import { failureStates, successStates, verifyStates } from "./ending.ts";
import { callStates } from "./escalation/start.ts";
import { type Estimate, estimate } from "./estimate.ts";
import { FIXED, namesOf } from "./names.ts";
import { admitStates, decideStates } from "./opening.ts";
import { preflightStates } from "./preflight.ts";
import { restoreStates } from "./restore.ts";
import { revertStates } from "./revert.ts";
import { stageEntry, stageStates } from "./stage.ts";
import { watchStates } from "./watch.ts";
import { measureBefore } from "./worse.ts";

/** A plan as a state machine, and what a run of it costs. */
export interface CompiledWorkflow {
  /** Amazon States Language, ready for `JSON.stringify` (tokens in the bindings stay in it). */
  definition: Machine;
  estimate: Estimate;
}

/**
 * Plan → state machine, in JSONata, in the order in which an operator reads it. Pure: the same plan and bindings give
 * the same definition. Knows phases (preflight, apply, poll, revert, measure) and no kinds.
 *
 * @throws MissingBinding when the plan uses a kind for which `bindings` has no function.
 */
export function compileWorkflow(
  plan: Plan,
  registries: Registries = builtIn,
  bindings: Bindings,
): CompiledWorkflow {
  const names = namesOf(plan);
  const context: Context = { plan, registries, bindings, names };
  const stages = plan.stages.map((_, index) => index);
  const definition: Machine = {
    Comment: `Rollback of ${plan.service}: ${plan.stages.map((stage) => stage.name).join(", ")}`,
    QueryLanguage: "JSONata",
    StartAt: FIXED.admit,
    TimeoutSeconds: machineBound(plan, registries),
    States: {
      ...admitStates(context),
      ...decideStates(context),
      ...callStates(context, plan.worse ? FIXED.measureBefore : stageEntry(context, 0)),
      ...measureBefore(context, stageEntry(context, 0)),
      ...Object.assign({}, ...names.waves.map((_, index) => preflightStates(context, index))),
      ...approvalStates(context),
      ...Object.assign({}, ...stages.map((index) => stageStates(context, index))),
      ...verifyStates(context),
      ...watchStates(context),
      ...restoreStates(context),
      ...successStates(context),
      // A plan on hold undoes nothing, so its machine has no way back.
      ...(plan.onFailure === "revert" ? revertStates(context) : {}),
      ...failureStates(context),
    },
  };
  return { definition, estimate: estimate(plan, registries) };
}
