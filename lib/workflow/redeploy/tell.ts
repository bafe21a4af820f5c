import type { RampNotice } from "../../../lambdas/runtime/protocol.ts";
import type { Task } from "../asl.ts";
import type { Context } from "../context.ts";
import { announce, handOver } from "../handlers.ts";
import type { Payload } from "../payloads.ts";

type Said = Partial<Payload<RampNotice>> & Pick<RampNotice, "phase">;

const NOTHING: Payload<Omit<RampNotice, "phase">> = {
  version: "{% $run.redeploys %}",
  step: "",
  number: 0,
  of: 0,
  heldSeconds: 0,
  holdSeconds: 0,
  next: "",
  outcome: "",
  ending: "",
  because: "",
} as never;

/** A text that is empty goes in as an expression: Step Functions would take it for one that is missing. */
const filled = (said: Payload<RampNotice>) =>
  Object.fromEntries(Object.entries(said).map(([name, value]) => [name, value === "" ? '{% "" %}' : value]));

/** Tells people of a ramp, of which no more is known than the step it is at. `now`: waits for the answer; else Lambda's own queue takes it, and the ramp goes on. */
export function tell(
  context: Context,
  said: Said,
  rest: Pick<Task, "Next" | "Catch" | "Assign">,
  {
    now = false,
    more = {},
    changes,
    outline,
  }: {
    now?: boolean;
    /** Fields of the notice beside the ramp's own. */
    more?: object;
    /** Instead of the changes of the step that it is at. */
    changes?: unknown;
    outline?: unknown;
  } = {},
): Task {
  const task = (now ? announce : handOver)(context, "redeploy", rest);
  const { Payload: payload } = task.Arguments;
  const of = context.plan.redeploy!.steps.length;
  return {
    ...task,
    Arguments: {
      ...task.Arguments,
      Payload: {
        ...(payload as object),
        ...more,
        ...(changes === undefined ? {} : { changes }),
        ramp: {
          ...filled({ ...NOTHING, of, ...said } as never),
          ...(outline === undefined ? {} : { outline }),
        },
      },
    },
  };
}
