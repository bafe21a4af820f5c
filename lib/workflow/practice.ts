import type { PracticeBeginEvent } from "../../lambdas/runtime/protocol.ts";
import { alarmName } from "../plan/criteria.ts";
import { planHash } from "../plan/load.ts";
import { practisedOf } from "../plan/practice.ts";
import type { Registries } from "../plan/registries.ts";
import type { Plan } from "../plan/schema.ts";
import { alarmTriggers } from "../plan/trigger-kind.ts";
import type { Machine, State } from "./asl.ts";
import { keepMeasured, measure, NOT_PASSED } from "./checks.ts";
import { actionBinding, type Context, invoke } from "./context.ts";
import { checkSeconds, phaseBound, TASK_SECONDS, taskBound } from "./deadline.ts";
import { namesOf } from "./names.ts";
import { type Payload, preflightPayload } from "./payloads.ts";
import { CLEAN, cleanStates, endStates, type PracticeBindings, STATES } from "./practice-ending.ts";
import { readRetry } from "./retry.ts";
import { stepBranch } from "./step.ts";
import { catchAll, ENTERED, foundOut, noted } from "./variables.ts";

export type { PracticeEndAnswer } from "../../lambdas/runtime/protocol.ts";

/** Seconds for what Step Functions itself does between states, as a share of the rest. */
const MARGIN = 1.05;

/**
 * Plan → state machine that carries out the plan's restoring steps beside the live service: the same functions as in a
 * run, under throw-away names. It takes no lock, knows nothing that switches, fences or overwrites, and whatever
 * happens after the first copy was asked for leads through the clean-up.
 */
export function compilePractice(plan: Plan, registries: Registries, given: PracticeBindings): Machine {
  const practised = practisedOf(plan, registries);
  const handlers = { admit: "", decide: "", announce: "", report: given.report, release: "" };
  const { levels: _, ...rest } = plan;
  const own: Plan = {
    ...rest,
    stages: practised.stages,
    verify: [],
    watch: { ...plan.watch, checks: [] },
  };
  const context: Context = {
    plan: own,
    registries,
    bindings: { ...given, handlers },
    names: namesOf(own, STATES),
  };
  return {
    Comment: `Practice of ${plan.service}: restores to throw-aways, checks them, deletes them`,
    QueryLanguage: "JSONata",
    StartAt: STATES.begin,
    TimeoutSeconds: bound(context),
    States: {
      ...beginStates(context, plan, given),
      ...Object.assign({}, ...practised.stages.map((_each, index) => stageStates(context, index))),
      [STATES.restored]: {
        Type: "Pass",
        Assign: { restoredAt: `{% ${ENTERED} %}`, timeline: noted(STATES.restored) },
        Output: {},
        Next: STATES.clean,
      },
      ...cleanStates(context, practised, given),
      ...endStates(context, plan, given),
    },
  };
}

/** Whether it may begin, and as which run. Nothing is made yet, so a failure here has nothing to clean up. */
function beginStates(context: Context, plan: Plan, given: PracticeBindings): Record<string, State> {
  const [first] = alarmTriggers(plan);
  const event: Payload<PracticeBeginEvent> = {
    verb: "begin",
    service: plan.service,
    input: "{% $states.context.Execution.Input %}",
    execution: {
      name: "{% $states.context.Execution.Name %}",
      startTime: "{% $states.context.Execution.StartTime %}",
    },
    plan: planHash(plan),
    alarm: first
      ? { criterion: first.id, name: given.alarms?.[first.id] ?? alarmName(plan, first.id) }
      : null,
  } as Payload<PracticeBeginEvent>;
  return {
    [STATES.begin]: invoke(context, given.practice, event, {
      timeoutSeconds: TASK_SECONDS.handler,
      Assign: {
        run: "{% $states.result.Payload.run %}",
        assumed: "{% $states.result.Payload.assumed %}",
        skipped: "{% $states.result.Payload.skipped %}",
        cleanOnly: "{% $states.result.Payload.cleanOnly = true %}",
        changes: {},
        steps: {},
        measurements: [],
        checks: [],
        verdict: "inconclusive",
        timeline: [],
        failure: null,
        restoredAt: null,
        left: [],
        cleanFailure: null,
        report: null,
      },
      Output: {},
      Next: STATES.start,
    }),
    [STATES.start]: {
      Type: "Choice",
      Choices: [
        { Condition: '{% $skipped != "" %}', Next: STATES.notStarted },
        { Condition: "{% $cleanOnly %}", Next: STATES.waitLast },
      ],
      Default: context.names.stages[0]!.preflight,
      Output: {},
    },
    // A function that was called before the practice was cut short may still make something.
    [STATES.waitLast]: {
      Type: "Wait",
      Seconds: TASK_SECONDS.apply + CLEAN.everySeconds,
      Output: {},
      Next: STATES.clean,
    },
    [STATES.notStarted]: { Type: "Succeed", Output: { skipped: "{% $skipped %}" } },
  };
}

/** Preflight, restore, check; what goes wrong leads to the clean-up. */
function stageStates(context: Context, index: number): Record<string, State> {
  const stage = context.plan.stages[index]!;
  const names = context.names.stages[index]!;
  const next = context.names.stages[index + 1]?.preflight ?? STATES.restored;
  const states: Record<string, State> = {
    [names.preflight]: {
      Type: "Parallel",
      Branches: stage.steps.map((step, number) => ({
        StartAt: names.steps[number]!.preflight,
        States: {
          [names.steps[number]!.preflight]: invoke(
            context,
            actionBinding(context, step.action).read,
            preflightPayload(stage, step),
            {
              timeoutSeconds: TASK_SECONDS.preflight,
              Output: { step: step.id, change: "{% $states.result.Payload.change %}" },
              End: true,
            },
          ),
        },
      })),
      Assign: {
        changes: "{% $merge([$changes, $merge($states.result.{step: change})]) %}",
        steps:
          "{% $merge([$steps, $merge($states.result.{step: $exists(change.expects) ? change.expects : {}})]) %}",
        timeline: noted(names.preflight),
      },
      Output: {},
      Next: names.run,
      Catch: catchAll(names.preflight, STATES.clean),
    },
    [names.run]: {
      Type: "Parallel",
      Branches: stage.steps.map((step, number) => stepBranch(context, stage, step, names.steps[number]!)),
      Assign: {
        steps: "{% $merge([$steps, $merge($states.result.{step: outputs})]) %}",
        timeline: noted(names.run),
      },
      Output: '{% {"note": $join($states.result.(step & ": " & note), "; ")} %}',
      Next: names.checks,
      Catch: catchAll(names.run, STATES.clean),
    },
    [names.checks]: measure(context, stage.checks, names.checkNames, {
      Assign: keepMeasured(names.checks, stage.checks.length),
      Output: {},
      Next: names.proved,
      Catch: catchAll(names.checks, STATES.clean),
    }),
    [names.proved]: {
      Type: "Choice",
      Choices: [{ Condition: '{% $verdict = "passed" %}', Next: next }],
      Default: names.notProved,
      Output: {},
    },
    [names.notProved]: {
      Type: "Pass",
      Assign: foundOut(names.checks, "ChecksNotPassed", NOT_PASSED),
      Output: {},
      Next: STATES.clean,
    },
  };
  return states;
}

/** Above every deadline in it: a machine's own timeout runs no catcher, and so no clean-up. */
function bound({ plan, registries }: Context): number {
  const reads = readRetry();
  const longest = (values: number[]) => Math.max(0, ...values);
  const handler = taskBound(TASK_SECONDS.handler, reads);
  let total = 2 * handler + taskBound(TASK_SECONDS.report, reads);
  total += CLEAN.timeoutSeconds + CLEAN.everySeconds + 2 * handler;
  for (const stage of plan.stages)
    total +=
      taskBound(TASK_SECONDS.preflight, reads) +
      longest(stage.steps.map((step) => phaseBound(step, registries))) +
      longest(stage.checks.map((check) => taskBound(checkSeconds(check, registries), reads)));
  return Math.ceil(total * MARGIN);
}
