import type { Plan } from "../../../lib/plan/schema.ts";
import { compileWorkflow } from "../../../lib/workflow/compile.ts";
import { smallPlan } from "./plans.ts";
import { type Answer, type Call, type Played, play, wellBehaved } from "./play.ts";
import { bindings, registries } from "./registries.ts";

/** A plan's rollback, played to its end by the interpreter: the small plan and well-behaved functions, unless told otherwise. */
export const played = (answer: Answer = () => undefined, plan: Plan = smallPlan(), input = {}) =>
  play(compileWorkflow(plan, registries, bindings).definition, answer, input);

/** What people were told, in order. */
export const moments = (calls: Call[]) => calls.flatMap(({ payload }) => payload.moment ?? []);

/** The calls of one function. */
export const only = (calls: Call[], fn: string) => calls.filter((call) => call.fn === fn);

/** The steps that a verb was called for, in order. */
export const verbs = (calls: Call[], verb: string) =>
  calls.filter(({ payload }) => payload.verb === verb).map(({ payload }) => payload.step!.id);

/** A check's usual measurement with another verdict. */
export const measurement = (call: Call, verdict: string) => ({ ...(wellBehaved(call) as object), verdict });

/** When a state was first entered, epoch milliseconds. */
export const entered = ({ history }: Played, state: string) =>
  history.events.find((event) => event.stateEnteredEventDetails?.name === state)!.timestamp!.getTime();
