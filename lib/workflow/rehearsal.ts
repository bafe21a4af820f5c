import type { ExpectedPermission, RehearsalBeginEvent } from "../../lambdas/runtime/protocol.ts";
import { alarmName } from "../plan/criteria.ts";
import { seconds } from "../plan/duration.ts";
import { planHash } from "../plan/load.ts";
import { preflightWaves } from "../plan/preflight-waves.ts";
import { rampSteps } from "../plan/redeploy.ts";
import type { Registries } from "../plan/registries.ts";
import type { Plan, Stage, Step } from "../plan/schema.ts";
import { alarmTriggers } from "../plan/trigger-kind.ts";
import type { Machine, State } from "./asl.ts";
import { caughtText } from "./caught.ts";
import { actionBinding, type Bindings, type Context, invoke } from "./context.ts";
import { TASK_SECONDS, taskBound } from "./deadline.ts";
import { namesOf } from "./names.ts";
import { type Payload, preflightPayload } from "./payloads.ts";
import { budgetOf } from "./redeploy/admission.ts";
import { rampContext } from "./redeploy/names.ts";
import { readRetry } from "./retry.ts";
import { quoted } from "./variables.ts";

export type { PreflightReport } from "../../lambdas/runtime/protocol.ts";

/** The states of every rehearsal. */
const BEGIN = "Begin";
const UNDER_WAY = "Run under way?";
const SKIPPED = "Skipped";
const JUDGE = "Judge";
const EXECUTABLE = "Could it be carried out?";
const YES = "Executable";
const NO = "Not executable";

/** What the rehearsal calls beside the plan's own preflights. */
export interface RehearsalBindings extends Pick<Bindings, "actions" | "alarms" | "partition"> {
  /** The function `preflight`. */
  preflight: string;
  /** What the roles of the stack must be allowed. */
  expected: ExpectedPermission[];
}

/**
 * Plan → state machine that runs every step's preflight and changes nothing: the same reading functions under the same
 * role as in a run, with the same expressions. A step that cannot be resolved does not keep the others from it.
 */
export function compileRehearsal(plan: Plan, registries: Registries, given: RehearsalBindings): Machine {
  const none = { admit: "", decide: "", announce: "", report: "", release: "" };
  const bindings: Bindings = { ...given, handlers: none, checks: {} };
  const context: Context = { plan, registries, bindings, names: namesOf(plan) };
  const call = (payload: unknown, rest: Pick<Parameters<typeof invoke>[3], "Assign" | "Output" | "Next">) =>
    invoke(context, given.preflight, payload, { timeoutSeconds: JUDGE_SECONDS, ...rest });
  const waves: Wave[] = [...context.names.waves.map((wave) => ({ context, ...wave })), ...rampWaves(context)];
  return {
    Comment: `Rehearsal of the rollback of ${plan.service}: every preflight, no change`,
    QueryLanguage: "JSONata",
    StartAt: BEGIN,
    TimeoutSeconds: bound(plan),
    States: {
      [BEGIN]: call(beginPayload(plan, given.alarms), {
        Assign: {
          run: "{% $states.result.Payload.run %}",
          assumed: "{% $states.result.Payload.assumed %}",
          skipped: "{% $states.result.Payload.skipped %}",
          steps: {},
          found: [],
        },
        Output: {},
        Next: UNDER_WAY,
      }),
      [UNDER_WAY]: {
        Type: "Choice",
        Choices: [{ Condition: '{% $skipped != "" %}', Next: SKIPPED }],
        Default: waves[0]!.preflight,
      },
      [SKIPPED]: { Type: "Succeed", Output: { skipped: "{% $skipped %}" } },
      ...Object.fromEntries(
        waves.map((wave, index) => [wave.preflight, rehearsed(wave, waves[index + 1]?.preflight ?? JUDGE)]),
      ),
      [JUDGE]: call(
        {
          verb: "judge",
          run: "{% $run %}",
          assumed: "{% $assumed %}",
          steps: "{% $found %}",
          expected: given.expected,
          ...(plan.redeploy
            ? {
                redeploy: {
                  budget: budgetOf(plan),
                  observe: plan.mode === "observe",
                  version: `{% $exists(${INPUT}.version) ? $string(${INPUT}.version) : "" %}`,
                  unchanged: rampSteps(plan)
                    .filter(({ stage }) => stage.steps.length === 0)
                    .map(({ name }) => name),
                },
              }
            : {}),
        },
        {
          Assign: { report: "{% $states.result.Payload %}" },
          Output: { executable: "{% $states.result.Payload.executable %}" },
          Next: EXECUTABLE,
        },
      ),
      [EXECUTABLE]: {
        Type: "Choice",
        Choices: [{ Condition: "{% $report.executable = true %}", Next: YES }],
        Default: NO,
      },
      [YES]: { Type: "Succeed", Output: "{% $report %}" },
      [NO]: { Type: "Succeed", Output: "{% $report %}" },
    },
  };
}

/** Seconds the function `preflight` has: it asks IAM one question after the other. */
export const JUDGE_SECONDS = 120;

const INPUT = "$states.context.Execution.Input";

/** Steps that are resolved side by side: of the rollback, or of the ramp. */
interface Wave {
  context: Context;
  stages: number[];
  preflight: string;
  ramp?: true;
}

/** The ramp's steps after the rollback's: what they would change, and whether their roles may. */
function rampWaves({ plan, registries, bindings }: Context): Wave[] {
  if (!plan.redeploy) return [];
  const context = rampContext({ plan, registries, bindings });
  return context.names.waves
    .map(({ stages }) => stages.filter((index) => context.plan.stages[index]!.steps.length > 0))
    .filter((stages) => stages.length > 0)
    .map((stages, index) => ({
      context,
      stages,
      preflight: `Preflight of the redeploy${index === 0 ? "" : ` (${index + 1})`}`,
      ramp: true,
    }));
}

const bound = (plan: Plan) =>
  2 * taskBound(JUDGE_SECONDS, readRetry()) +
  (preflightWaves(plan).length + rampSteps(plan).length) *
    (taskBound(TASK_SECONDS.preflight, readRetry()) + 60);

function beginPayload(plan: Plan, alarms: Record<string, string> = {}): Payload<RehearsalBeginEvent> {
  const [first] = alarmTriggers(plan);
  return {
    verb: "begin",
    service: plan.service,
    execution: {
      name: "{% $states.context.Execution.Name %}",
      startTime: "{% $states.context.Execution.StartTime %}",
    },
    plan: planHash(plan),
    deploymentWindowSeconds: seconds(plan.deployments.window),
    alarm: first ? { criterion: first.id, name: alarms[first.id] ?? alarmName(plan, first.id) } : null,
  } as Payload<RehearsalBeginEvent>;
}

/** Preflights side by side, as in a run; each answers what it resolved or why it could not. */
function rehearsed({ context, stages, ramp }: Wave, next: string): State {
  const { plan, names } = context;
  return {
    Type: "Parallel",
    Branches: stages.flatMap((index) =>
      plan.stages[index]!.steps.map((step, number) =>
        branch(
          context,
          plan.stages[index]!,
          step,
          ramp ? `Redeploy ${step.id}` : names.stages[index]!.steps[number]!.preflight,
          ramp,
        ),
      ),
    ),
    Assign: {
      found: "{% $append($found, $states.result.row) %}",
      steps: "{% $merge([$steps, $merge($states.result[$exists(expects)].{row.step: expects})]) %}",
    },
    Output: {},
    Next: next,
  };
}

function branch(context: Context, stage: Stage, step: Step, name: string, ramp?: true): Machine {
  const is = { step: step.id, kind: step.action, stage: stage.name, ...(ramp ? { ramp } : {}) };
  const problem = (field: "Error" | "Cause") => `{% ${caughtText(field, "", 2000)} %}`;
  const unresolved = `${name} failed`;
  return {
    StartAt: name,
    States: {
      [name]: invoke(context, actionBinding(context, step.action).read, preflightPayload(stage, step), {
        timeoutSeconds: TASK_SECONDS.preflight,
        Output: `{% ($change := $states.result.Payload.change; {"row": $merge([${rowText(is)}, {"summary": $change.summary, "evidence": $exists($change.evidence) ? $append([], $change.evidence) : []}, $exists($change.losesFrom) ? {"losesFrom": $change.losesFrom} : {}, $exists($change.keeps) ? {"keeps": $append([], $change.keeps)} : {}]), "expects": $exists($change.expects) ? $change.expects : {}}) %}`,
        End: true,
        Catch: [
          {
            ErrorEquals: ["States.ALL"],
            Next: unresolved,
            Output: { row: { ...is, problem: { error: problem("Error"), cause: problem("Cause") } } },
          },
        ],
      }),
      [unresolved]: { Type: "Pass", End: true },
    },
  };
}

const rowText = (row: Record<string, string | true>) =>
  `{${Object.entries(row)
    .map(([key, value]) => `${quoted(key)}: ${JSON.stringify(value)}`)
    .join(", ")}}`;
