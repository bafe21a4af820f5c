import { planHash } from "../plan/load.ts";
import { registries as builtIn, type Registries } from "../plan/registries.ts";
import type { Plan } from "../plan/schema.ts";
import { approvalStates } from "./approval.ts";
import type { Machine, State } from "./asl.ts";
import { keepMeasured, measure, NOT_PASSED } from "./checks.ts";
import { type Bindings, type Context, handlerBinding, invoke } from "./context.ts";
import { machineBound, TASK_SECONDS } from "./deadline.ts";
import { failureStates, successStates } from "./ending.ts";
import { callStates } from "./escalation/start.ts";
import { FIXED, namesOf } from "./names.ts";
import { admitStates, goOnStates } from "./opening.ts";
import { undoEntry, undoStates } from "./revert.ts";
import { catchAll, foundOut, noted } from "./variables.ts";

/**
 * The machine that takes an ended rollback back: it recalls what the run changed from its report, asks as a rollback
 * asks, reverts every step newest first, verifies, and tells. It stops at the first step that cannot be taken back, so
 * that nothing is half on one side. Pure.
 */
export function compileUndo(
  plan: Plan,
  // What permissions say of a step is what it would change, not what taking it back would.
  { planned: _, ...bindings }: Bindings,
  registries: Registries = builtIn,
): Machine {
  const context: Context = { plan, registries, bindings, names: namesOf(plan) };
  return {
    Comment: `Takes a rollback of ${plan.service} back`,
    QueryLanguage: "JSONata",
    StartAt: FIXED.admit,
    TimeoutSeconds: machineBound(plan, registries),
    States: {
      ...admitStates(context, { undo: true, next: FIXED.recall }),
      ...recallStates(context),
      ...goOnStates(context, undoEntry(context, FIXED.verify)),
      ...callStates(context, undoEntry(context, FIXED.verify)),
      ...approvalStates(context),
      ...undoStates(context, FIXED.verify),
      ...verifyUndone(context),
      ...successStates(context, FIXED.undone),
      ...failureStates(context),
    },
  };
}

function recallStates(context: Context): Record<string, State> {
  const { plan } = context;
  const payload = { run: "{% $run %}", plan: planHash(plan), approve: plan.approval !== undefined };
  return {
    [FIXED.recall]: invoke(context, handlerBinding(context, "recall"), payload, {
      timeoutSeconds: TASK_SECONDS.handler,
      Assign: {
        changes: "{% $states.result.Payload.changes %}",
        summaries: "{% $states.result.Payload.summaries %}",
        steps: "{% $states.result.Payload.steps %}",
        decision: "{% $states.result.Payload.decision %}",
        timeline: noted(FIXED.recall),
      },
      Output: { because: "{% $states.result.Payload.decision.because %}" },
      Next: FIXED.goOn,
      Catch: catchAll(FIXED.recall, FIXED.reportFailure),
    }),
  };
}

/** What is back must be measured too; what is found is told, and never undone once more. */
function verifyUndone(context: Context): Record<string, State> {
  const { plan, names } = context;
  return {
    [FIXED.verify]: measure(context, plan.verify, names.verify, {
      Assign: keepMeasured(FIXED.verify, plan.verify.length),
      Output: {},
      Next: FIXED.verified,
      Catch: catchAll(FIXED.verify, FIXED.reportFailure),
    }),
    [FIXED.verified]: {
      Type: "Choice",
      Choices: [{ Condition: '{% $verdict = "passed" %}', Next: FIXED.report }],
      Default: FIXED.notVerified,
      Output: {},
    },
    [FIXED.notVerified]: {
      Type: "Pass",
      Assign: foundOut(FIXED.verify, "ChecksNotPassed", NOT_PASSED),
      Output: {},
      Next: FIXED.reportFailure,
    },
  };
}
