import type { Moment, ReleaseEvent, ReportEvent } from "../../lambdas/runtime/protocol.ts";
import type { Task } from "./asl.ts";
import { type Context, invoke } from "./context.ts";
import { TASK_SECONDS } from "./deadline.ts";
import { announcePayload, releasePayload, reportPayload } from "./payloads.ts";

type Rest = Pick<Task, "Next" | "Catch" | "Assign"> & Partial<Pick<Task, "Retry">>;

/** Tells people and waits for the answer whether it was sent. */
export function announce(context: Context, moment: Moment, rest: Rest): Task {
  return invoke(context, context.bindings.handlers.announce, announcePayload(context.plan, moment), {
    timeoutSeconds: TASK_SECONDS.handler,
    Output: "{% $states.result.Payload %}",
    ...rest,
  });
}

/**
 * Hands a message over to Lambda's own queue and goes on: a failed notification never fails a rollback. Lambda tries
 * twice more, then the dead-letter queue and its alarm tell people. Only the hand-over itself can fail here.
 */
export function handOver(context: Context, moment: Moment, rest: Rest): Task {
  const task = announce(context, moment, rest);
  return { ...task, Arguments: { ...task.Arguments, InvocationType: "Event" }, Output: {} };
}

/** Writes the report; where it is goes to `$report`. */
export function report(context: Context, outcome: ReportEvent["outcome"], rest: Rest): Task {
  return invoke(
    context,
    context.bindings.handlers.report,
    reportPayload(context.plan, context.registries, outcome),
    {
      timeoutSeconds: TASK_SECONDS.report,
      Output: "{% $states.result.Payload %}",
      ...rest,
      Assign: { report: "{% $states.result.Payload %}", ...rest.Assign },
    },
  );
}

/** Ends the run in the lock's table: released, or kept for a person when it failed. */
export function release(context: Context, outcome: ReleaseEvent["outcome"], rest: Rest): Task {
  return invoke(context, context.bindings.handlers.release, releasePayload(outcome), {
    timeoutSeconds: TASK_SECONDS.handler,
    Output: "{% $states.result.Payload %}",
    ...rest,
  });
}
