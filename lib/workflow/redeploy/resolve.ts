import { type RampStep, resolvedAnew } from "../../plan/redeploy.ts";
import type { Step } from "../../plan/schema.ts";
import type { Catcher, Choice, Parallel, State } from "../asl.ts";
import type { Context } from "../context.ts";
import { preflightBranches } from "../preflight.ts";
import { noted, quoted } from "../variables.ts";
import { ending } from "./ends.ts";
import { ofStep, RAMP } from "./names.ts";

/**
 * What a ramp will change is resolved before its first change, so that a step which cannot be done is found out on the
 * first day and not on the third, and a person can read all of it. `$foreseen` holds what each change last resolved to.
 */

/** Keeps in `$foreseen` what a Parallel of preflights resolved. */
const FORESEEN = {
  foreseen: "{% $merge([$foreseen, $merge($states.result.{step: change})]) %}",
  steps:
    "{% $merge([$steps, $merge($states.result.{step: $exists(change.expects) ? change.expects : {}})]) %}",
};

/** Waves of preflights of the whole ramp; without those that have no step. */
const wavesOf = ({ names, plan }: Context): number[][] =>
  names.waves
    .map(({ stages }) => stages.filter((index) => plan.stages[index]!.steps.length > 0))
    .filter((stages) => stages.length > 0);

const waveName = (index: number) => (index === 0 ? RAMP.resolve : `${RAMP.resolve} (${index + 1})`);

/** First state of a ramp that may begin. */
export const resolveEntry = (context: Context): string =>
  wavesOf(context).length > 0 ? waveName(0) : RAMP.resolved;

/** The whole ramp resolved, in waves, before anything else. One that cannot be is refused. */
export function resolveStates(
  context: Context,
  refused: (state: string) => Catcher[],
): Record<string, State> {
  const waves = wavesOf(context);
  return Object.fromEntries(
    waves.map((stages, index): [string, Parallel] => {
      const name = waveName(index);
      return [
        name,
        {
          Type: "Parallel",
          Branches: stages.flatMap((stage) => preflightBranches(context, stage, ({ id }) => `Resolve ${id}`)),
          Assign: {
            ...FORESEEN,
            summaries:
              '{% $merge([$summaries, $merge($states.result.{step: {"summary": change.summary, "evidence": change.evidence}})]) %}',
            timeline: noted(name),
          },
          Output: {},
          Next: index + 1 < waves.length ? waveName(index + 1) : RAMP.resolved,
          Catch: refused(name),
        },
      ];
    }),
  );
}

/** Where a step goes once its changes are made, with the lock still held; nothing to resolve for most steps that come last. */
export const anewEntry = (context: Context, steps: RampStep[], index: number): string => {
  const names = ofStep(steps[index]!.name);
  return followers(context, index).length > 0 ? names.anew : names.leave;
};

const followers = ({ plan, registries }: Context, index: number) => resolvedAnew(plan, registries)[index]!;

/** Resolves the later changes that this step has just made different. */
export function anewStates(
  context: Context,
  steps: RampStep[],
  index: number,
  Catch: Catcher[],
): Record<string, State> {
  const names = ofStep(steps[index]!.name);
  const later = followers(context, index);
  if (later.length === 0) return {};
  const wanted = new Set(later.map(({ change }) => change.id));
  const nameOf = ({ id }: Step) => `Resolve ${id} anew`;
  return {
    [names.anew]: {
      Type: "Parallel",
      Branches: [...new Set(later.map((each) => each.index))].flatMap((stage) =>
        preflightBranches(context, stage, nameOf).filter(({ StartAt }) =>
          context.plan.stages[stage]!.steps.some((step) => wanted.has(step.id) && nameOf(step) === StartAt),
        ),
      ),
      Assign: { ...FORESEEN, timeline: noted(names.anew) },
      Output: {},
      Next: names.leave,
      Catch,
    },
  };
}

/**
 * A change must still be what it last resolved to: in the meantime nothing but this ramp may have changed what it is
 * about. What people read is compared, so what others change beside it is no matter.
 */
export function asResolved(context: Context, steps: RampStep[], index: number): Choice {
  const step = steps[index]!;
  const own = context.names.stages[index]!;
  const of = (name: string, { id }: Step) => `$lookup($${name}, ${quoted(id)})`;
  const same = (change: Step) =>
    ["summary", "after"]
      .map((field) => `${of("changes", change)}.${field} = ${of("foreseen", change)}.${field}`)
      .join(" and ");
  const differs = step.stage.steps.map(
    (change) =>
      `$not(${same(change)}) ? ${quoted(`${change.id} was to be "`)} & ${of("foreseen", change)}.summary & ${quoted('" and would now be "')} & ${of("changes", change)}.summary & ${quoted('"')}`,
  );
  return {
    Type: "Choice",
    Choices: [{ Condition: `{% ${step.stage.steps.map(same).join(" and ")} %}`, Next: own.run }],
    Default: RAMP.end,
    Assign: ending(
      steps,
      index - 1,
      "failed",
      `${quoted(`ChangedSincePreflight: somebody else changed what ${step.name} is about since it was resolved: `)} & $join([${differs.join(", ")}], "; ") & ". Nothing of it was overwritten."`,
    ),
    Output: {},
  };
}
