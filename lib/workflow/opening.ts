import { planHash } from "../plan/load.ts";
import { needsApproval } from "./approval.ts";
import type { State } from "./asl.ts";
import { type Context, invoke } from "./context.ts";
import { TASK_SECONDS } from "./deadline.ts";
import { afterExhausted, afterStart } from "./escalation/start.ts";
import { announce, handOver } from "./handlers.ts";
import { levelStart } from "./level.ts";
import { FIXED } from "./names.ts";
import { admitPayload, decidePayload } from "./payloads.ts";
import { plannedEntry, plannedStates } from "./planned.ts";
import { preflightEntry } from "./preflight.ts";
import { quietEnd } from "./quiet-end.ts";
import { stageEntry } from "./stage.ts";
import { catchAll, EMPTY, ENTERED, noted } from "./variables.ts";

const EXECUTION = "$states.context.Execution";

/** Admit and what follows when a run is not admitted: it joins another one, or a person is told and it fails. */
export function admitStates(
  context: Context,
  { undo = false, next = FIXED.decide as string } = {},
): Record<string, State> {
  const { plan, bindings } = context;
  const hash = planHash(plan);
  const timeline = [{ at: `{% ${ENTERED} %}`, state: FIXED.admit }];
  // Without an answer of Admit the failure path still needs to say which run it speaks of.
  const unknownRun = {
    id: `{% ${EXECUTION}.Name %}`,
    service: plan.service,
    startedAt: `{% ${EXECUTION}.StartTime %}`,
    generation: -1,
    dryRun: false,
    reason: "not known: Admit failed",
    trigger: { type: "manual", by: "unknown" },
    plan: hash,
  };
  return {
    [FIXED.admit]: invoke(context, bindings.handlers.admit, admitPayload(plan, hash, undo), {
      timeoutSeconds: TASK_SECONDS.handler,
      Assign: {
        ...EMPTY,
        run: "{% $states.result.Payload.run %}",
        admission:
          '{% {"admitted": $states.result.Payload.admitted = true, "outcome": $states.result.Payload.outcome, "reason": $states.result.Payload.reason} %}',
        timeline,
      },
      Output: {
        outcome: "{% $states.result.Payload.outcome %}",
        reason: '{% $exists($states.result.Payload.reason) ? $states.result.Payload.reason : "" %}',
      },
      Next: FIXED.admitted,
      Catch: catchAll(FIXED.admit, FIXED.reportFailure).map((catcher) => ({
        ...catcher,
        Assign: {
          ...EMPTY,
          run: unknownRun,
          admission: { admitted: false, outcome: "refused", reason: "Admit failed" },
          timeline,
          ...catcher.Assign,
        },
      })),
    }),
    [FIXED.admitted]: {
      Type: "Choice",
      Choices: [
        { Condition: "{% $admission.admitted %}", Next: next },
        { Condition: '{% $admission.outcome = "joined" %}', Next: FIXED.joined },
      ],
      Default: FIXED.announceRefusal,
      Output: {},
    },
    [FIXED.joined]: { Type: "Succeed", Output: { outcome: "joined", run: "{% $run.id %}" } },
    [FIXED.announceRefusal]: announce(context, "refused", {
      Next: FIXED.whyRefused,
      Catch: catchAll(FIXED.announceRefusal, FIXED.notAdmitted),
    }),
    [FIXED.whyRefused]: {
      Type: "Choice",
      Choices: [
        { Condition: '{% $admission.outcome = "frozen" %}', Next: FIXED.frozen },
        { Condition: '{% $admission.outcome = "exhausted" %}', Next: afterExhausted(context) },
      ],
      Default: FIXED.notAdmitted,
      Output: {},
    },
    [FIXED.frozen]: { Type: "Fail", Error: "Frozen", Cause: REASON },
    [FIXED.exhausted]: { Type: "Fail", Error: "AttemptsExhausted", Cause: REASON },
    [FIXED.notAdmitted]: { Type: "Fail", Error: "NotAdmitted", Cause: REASON },
  };
}

const REASON = '{% $exists($admission.reason) ? $string($admission.reason) : "no reason was given" %}';

/**
 * Decide, on the alarms as they are now, before preflight costs time; then, with every change resolved, the ways out
 * for a dry run and for a change that a person must start.
 */
export function decideStates(context: Context): Record<string, State> {
  const { plan, bindings } = context;
  return {
    [FIXED.decide]: invoke(
      context,
      bindings.handlers.decide,
      decidePayload(plan, context.registries, bindings.alarms),
      {
        timeoutSeconds: TASK_SECONDS.handler,
        Assign: { decision: "{% $states.result.Payload %}", timeline: noted(FIXED.decide) },
        Output: {
          decision: "{% $states.result.Payload.decision %}",
          because: '{% $exists($states.result.Payload.because) ? $states.result.Payload.because : "" %}',
        },
        Next: FIXED.act,
        Catch: catchAll(FIXED.decide, FIXED.reportFailure),
      },
    ),
    [FIXED.act]: {
      Type: "Choice",
      Choices: [
        {
          Condition: '{% $decision.decision in ["rollback", "approve"] %}',
          Next: preflightEntry(context, 0),
        },
      ],
      Default: FIXED.announceNotice,
      Output: {},
    },
    ...quietEnd(context, {
      announce: FIXED.announceNotice,
      moment: "notified",
      release: FIXED.releaseNotice,
      outcome: "notified",
      end: FIXED.notified,
    }),
    ...goOnStates(context, context.plan.worse ? FIXED.measureBefore : stageEntry(context, 0)),
  };
}

/** With everything resolved: the ways out for a dry run and for an approval, and the beginning of the changes at `entry`. */
export function goOnStates(context: Context, entry: string): Record<string, State> {
  return {
    [FIXED.goOn]: {
      Type: "Choice",
      Choices: [
        { Condition: "{% $run.dryRun = true %}", Next: plannedEntry(context) },
        { Condition: needsApproval(context), Next: FIXED.announceApproval },
      ],
      Default: FIXED.announceStart,
      Output: {},
    },
    ...plannedStates(context),
    ...quietEnd(context, {
      announce: FIXED.announceDryRun,
      moment: "dry-run",
      release: FIXED.releaseDryRun,
      outcome: "dry-run",
      end: FIXED.dryRun,
    }),
    [FIXED.announceStart]: handOver(context, "started", {
      Assign: { timeline: noted(FIXED.announceStart), ...levelStart(context) },
      Next: afterStart(context, entry),
      Catch: catchAll(FIXED.announceStart, FIXED.reportFailure),
    }),
  };
}
