import type { RampEndEvent, RampEnterEvent } from "../../../lambdas/runtime/protocol.ts";
import { seconds } from "../../plan/duration.ts";
import type { RampStep } from "../../plan/redeploy.ts";
import type { Plan } from "../../plan/schema.ts";
import type { Task } from "../asl.ts";
import { type Context, handlerBinding, invoke } from "../context.ts";
import { TASK_SECONDS } from "../deadline.ts";
import type { Payload } from "../payloads.ts";
import { ENTERED } from "../variables.ts";

export const budgetOf = ({ budget }: Plan): RampEnterEvent["budget"] => ({
  attempts: budget.attempts,
  perDay: budget.perDay,
  minimumDelaySeconds: seconds(budget.minimumDelay),
  eventAgeSeconds: seconds(budget.eventAge),
});

/** Calls `redeploy` and keeps what it admits. */
export function enter(
  context: Context,
  step: RampStep,
  direction: RampEnterEvent["direction"],
  rest: Pick<Task, "Next" | "Catch">,
): Task {
  const payload: Payload<RampEnterEvent> = {
    verb: "enter",
    run: "{% $run %}",
    budget: budgetOf(context.plan),
    step: step.name,
    direction,
    at: `{% ${ENTERED} %}`,
  };
  return invoke(context, handlerBinding(context, "redeploy"), payload, {
    timeoutSeconds: TASK_SECONDS.handler,
    Assign: {
      run: "{% $states.result.Payload.run %}",
      admission: '{% {"outcome": $states.result.Payload.outcome, "reason": $states.result.Payload.reason} %}',
    },
    Output: { outcome: "{% $states.result.Payload.outcome %}" },
    ...rest,
  });
}

/** Gives the lock back after changes. */
export const leave = (context: Context, rest: Pick<Task, "Next" | "Catch">): Task =>
  invoke(
    context,
    handlerBinding(context, "redeploy"),
    { verb: "leave", run: "{% $run %}" },
    {
      timeoutSeconds: TASK_SECONDS.handler,
      Output: "{% $states.result.Payload %}",
      ...rest,
    },
  );

/** Calls `redeploy` to end the ramp in its row, in the history and in the lock's. */
export function endTask(
  context: Context,
  given: Pick<Payload<RampEndEvent>, "outcome" | "ending">,
  rest: Pick<Task, "Next" | "Catch" | "Assign">,
): Task {
  const payload = { verb: "end", run: "{% $run %}", ...given };
  return invoke(context, handlerBinding(context, "redeploy"), payload, {
    timeoutSeconds: TASK_SECONDS.handler,
    Output: "{% $states.result.Payload %}",
    ...rest,
  });
}
