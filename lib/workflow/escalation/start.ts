import type { EscalationCause } from "../../../lambdas/runtime/protocol.ts";
import type { Choice, State, Task } from "../asl.ts";
import { type Context, MissingBinding } from "../context.ts";
import { TASK_SECONDS } from "../deadline.ts";
import { FIXED } from "../names.ts";
import { SO_FAR } from "../payloads.ts";
import { readRetry } from "../retry.ts";
import { catchAll, catchQuietly, quoted } from "../variables.ts";

/** Longest name of an execution. */
const LONGEST_NAME = 80;
/** The run's id and the cause: the same call twice is one ladder. A run that is redriven may call again. */
function ladderName(cause: EscalationCause): string {
  const id = `$substring($run.id, 0, ${LONGEST_NAME - cause.length - 4})`;
  const redrive = "$states.context.Execution.RedriveCount";
  return `{% ${id} & "-${cause}" & ($exists(${redrive}) and ${redrive} > 0 ? "-" & $string(${redrive}) : "") %}`;
}

/** Starts the ladder's own state machine and goes on; what is known so far goes along, and `more` in the place of it. */
export function call(
  { bindings }: Context,
  cause: EscalationCause,
  rest: Pick<Task, "Next" | "Catch">,
  more: Record<string, unknown> = {},
): Task {
  if (bindings.escalation === undefined) throw new MissingBinding("handler", "escalation");
  return {
    Type: "Task",
    Resource: `arn:${bindings.partition ?? "aws"}:states:::states:startExecution`,
    Arguments: {
      StateMachineArn: bindings.escalation,
      Name: ladderName(cause),
      Input: {
        // Step Functions links the two executions in its console by this.
        AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: "{% $states.context.Execution.Id %}",
        // A service that the rollback made worse is told as such; its ladder is that of a failed run.
        cause: cause === "failed" ? '{% $failure.error = "GotWorse" ? "worse" : "failed" %}' : cause,
        run: "{% $run %}",
        ...SO_FAR,
        ...more,
      },
    },
    TimeoutSeconds: TASK_SECONDS.handler,
    Retry: readRetry(),
    Output: {},
    ...rest,
  };
}

/** First state after the start was announced: the clock of "not restored in time" begins to run. */
export const afterStart = ({ plan }: Context, next: string): string =>
  plan.escalation ? FIXED.watchClock : next;

/** Where the failure path goes after its mail. */
export const afterFailure = ({ plan }: Context): string => (plan.escalation ? FIXED.call : FIXED.keepLock);

/** Where a run that used up its attempts goes after its mail. */
export const afterExhausted = ({ plan }: Context): string =>
  plan.escalation ? FIXED.callExhausted : FIXED.exhausted;

/** The states of the run that call the ladder; none for a plan without one. `next` is the first stage. */
export function callStates(context: Context, next: string): Record<string, State> {
  const { escalation } = context.plan;
  if (!escalation) return {};
  const { criteria } = escalation;
  const atOnce: Record<string, State> =
    criteria.length === 0
      ? {}
      : {
          [FIXED.callAtOnce]: {
            Type: "Choice",
            Choices: [
              {
                Condition: `{% $decision.rule in [${criteria.map(quoted).join(", ")}] %}`,
                Next: FIXED.callCriterion,
              },
            ],
            Default: next,
            Output: {},
          } satisfies Choice,
          [FIXED.callCriterion]: call(context, "criterion", {
            Next: next,
            Catch: catchAll(FIXED.callCriterion, FIXED.reportFailure),
          }),
        };
  return {
    // Like the announcement before it: if nobody can be called for help, nothing is changed.
    [FIXED.watchClock]: call(context, "not-restored", {
      Next: criteria.length > 0 ? FIXED.callAtOnce : next,
      Catch: catchAll(FIXED.watchClock, FIXED.reportFailure),
    }),
    ...atOnce,
    [FIXED.call]: {
      Type: "Choice",
      Choices: [{ Condition: "{% $run.dryRun = true %}", Next: FIXED.keepLock }],
      Default: FIXED.callFailed,
      Output: {},
    },
    [FIXED.callFailed]: call(context, "failed", {
      Next: FIXED.keepLock,
      Catch: catchQuietly(FIXED.keepLock),
    }),
    [FIXED.callExhausted]: call(context, "exhausted", {
      Next: FIXED.exhausted,
      Catch: catchQuietly(FIXED.exhausted),
    }),
  };
}
