import type { Asking, AtDeadline } from "../../lambdas/runtime/protocol.ts";
import { atDeadline, setsAside } from "../plan/at-deadline.ts";
import { levelsOf } from "../plan/criteria.ts";
import { seconds } from "../plan/duration.ts";
import type { Plan } from "../plan/schema.ts";
import { quickest, watchRounds } from "../plan/timing.ts";
import type { State, Task } from "./asl.ts";
import { type Context, handlerBinding, invoke } from "./context.ts";
import { TASK_SECONDS } from "./deadline.ts";
import { announce, handOver, release } from "./handlers.ts";
import { FIXED } from "./names.ts";
import type { Payload } from "./payloads.ts";
import { quietEnd } from "./quiet-end.ts";
import { askRetry } from "./retry.ts";
import { catchAll, ENTERED, noted } from "./variables.ts";

/** When a person is asked: the decision says so, or, with four eyes, a person started the run. */
export function needsApproval({ plan }: Context): string {
  const byHand = plan.approval?.fourEyes ? ' or $run.trigger.type = "manual"' : "";
  return `{% $decision.decision = "approve"${byHand} %}`;
}

/**
 * The wait for a person, after every change is resolved and before the first is made. The answer is not what wakes
 * the task but what the table says: `Settle approval` reads it, with lock and freeze, however the wait ended. So an
 * answer that was recorded and not delivered counts at the deadline too.
 */
export function approvalStates(context: Context): Record<string, State> {
  if (!context.plan.approval)
    return quietEnd(context, {
      announce: FIXED.announceApproval,
      moment: "approval",
      release: FIXED.releaseApproval,
      outcome: "approval",
      end: FIXED.approval,
    });
  return {
    [FIXED.announceApproval]: announceAsking(context),
    [FIXED.askApproval]: ask(context),
    [FIXED.settleApproval]: settle(context),
    [FIXED.approved]: {
      Type: "Choice",
      Choices: [
        { Condition: '{% $approval.outcome = "approved" %}', Next: FIXED.announceStart },
        { Condition: '{% $approval.outcome = "rejected" %}', Next: FIXED.announceRejection },
      ],
      Default: FIXED.announceHold,
      Output: {},
    },
    ...quietEnd(context, {
      announce: FIXED.announceRejection,
      moment: "rejected",
      release: FIXED.releaseRejected,
      outcome: "rejected",
      end: FIXED.rejected,
    }),
    [FIXED.announceHold]: announce(context, "held", {
      Next: FIXED.releaseHeld,
      Catch: catchAll(FIXED.announceHold, FIXED.reportFailure),
    }),
    [FIXED.releaseHeld]: release(context, "held", {
      Next: FIXED.held,
      Catch: catchAll(FIXED.releaseHeld, FIXED.reportFailure),
    }),
    // Nobody said no; nobody said yes either, so somebody has to look.
    [FIXED.held]: { Type: "Fail", Error: "Held", Cause: "{% $string($approval.because) %}" },
  };
}

/** What is asked, as far as the plan knows it; the deadline runs from the entry of the state that evaluates it. */
function asking({ plan, registries }: Context): Payload<Asking> {
  const { approvers } = plan.approval!;
  const { settleSeconds, rounds, everySeconds } = watchRounds(plan);
  return {
    approvers,
    expiresAt: `{% $fromMillis($toMillis(${ENTERED}) + ${secondsToAnswer(plan)} * 1000) %}`,
    atDeadline: defaults(
      Object.fromEntries(levelsOf(plan).map((level) => [level, atDeadline(plan, level, registries)])),
    ),
    dataSteps: setsAside(plan.stages, registries).map(({ id }) => id),
    expected: {
      changeSeconds: quickest(plan.stages, registries),
      watchSeconds: settleSeconds + rounds * everySeconds,
    },
  };
}

/** An expression: how long an answer is waited for. While a hotfix is tried, that is its time (R2). */
function secondsToAnswer({ approval, deployments }: Plan): string {
  const usual = String(seconds(approval!.deadline));
  return deployments.hotfix
    ? `($exists($decision.hotfixSeconds) ? $decision.hotfixSeconds : ${usual})`
    : usual;
}

/**
 * What follows by level when nobody answered, as an expression: after the time for a hotfix the rollback that was
 * decided, nothing where a person must say so, else what the plan's steps risk.
 */
function defaults(usual: Asking["atDeadline"]): string {
  const always = (over: AtDeadline) =>
    JSON.stringify(Object.fromEntries(Object.keys(usual).map((level) => [level, over])));
  const afterHotfix = always({ action: "rollback", because: "the time for a hotfix has passed" });
  const held = always({ action: "hold", because: "a person must say so" });
  return `{% $exists($decision.hotfixSeconds) ? ${afterHotfix} : $exists($decision.mustBeSaid) ? ${held} : ${JSON.stringify(usual)} %}`;
}

/** Everybody hears that an approval is waited for; only the approvers get links. */
function announceAsking(context: Context): Task {
  const task = handOver(context, "approval", {
    Assign: { timeline: noted(FIXED.announceApproval) },
    Next: FIXED.askApproval,
    Catch: catchAll(FIXED.announceApproval, FIXED.reportFailure),
  });
  const { Payload } = task.Arguments;
  return {
    ...task,
    Arguments: { ...task.Arguments, Payload: { ...(Payload as object), asking: asking(context) } },
  };
}

function ask(context: Context): Task {
  const { bindings, plan } = context;
  return {
    ...invoke(
      context,
      handlerBinding(context, "approval"),
      {
        verb: "ask",
        run: "{% $run %}",
        decision: "{% $decision %}",
        changes: "{% $changes %}",
        asking: asking(context),
        token: "{% $states.context.Task.Token %}",
      },
      {
        timeoutSeconds: plan.deployments.hotfix
          ? `{% ${secondsToAnswer(plan)} %}`
          : seconds(plan.approval!.deadline),
        Retry: askRetry(),
        Assign: { timeline: noted(FIXED.askApproval) },
        Output: {},
        Next: FIXED.settleApproval,
        Catch: [
          // The deadline, or an answer that came before the question could be asked again: the table says which.
          {
            ErrorEquals: ["States.Timeout", "ApprovalSettled"],
            Next: FIXED.settleApproval,
            Assign: { timeline: noted(FIXED.askApproval) },
            Output: {},
          },
          ...catchAll(FIXED.askApproval, FIXED.reportFailure),
        ],
      },
    ),
    Resource: `arn:${bindings.partition ?? "aws"}:states:::lambda:invoke.waitForTaskToken`,
  };
}

function settle(context: Context): Task {
  return invoke(
    context,
    handlerBinding(context, "approval"),
    { verb: "settle", run: "{% $run %}", decision: "{% $decision %}", changes: "{% $changes %}" },
    {
      timeoutSeconds: TASK_SECONDS.handler,
      Assign: { approval: "{% $states.result.Payload %}", timeline: noted(FIXED.settleApproval) },
      Output: {
        outcome: "{% $states.result.Payload.outcome %}",
        because: "{% $states.result.Payload.because %}",
      },
      Next: FIXED.approved,
      Catch: catchAll(FIXED.settleApproval, FIXED.reportFailure),
    },
  );
}
