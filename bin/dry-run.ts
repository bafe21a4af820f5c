import { durationText } from "../lib/plan/duration.ts";
import type { Plan } from "../lib/plan/schema.ts";
import { estimate } from "../lib/workflow/estimate.ts";
import type { PreflightReport } from "../lib/workflow/rehearsal.ts";

type Row = PreflightReport["steps"][number];

/** What a rollback would do if it began now. */
export interface DryRun {
  service: string;
  at: string;
  executable: boolean;
  problems: string[];
  assumed: string[];
  /** In the plan's order. Steps of one stage run side by side. */
  stages: { name: string; levels: string[] | null; after: "watch" | null; steps: Row[] }[];
  seconds: {
    /** By the plan: what even the quickest run takes, and what none exceeds. */
    least: number;
    most: number;
    /** Of runs that rolled back; null before the first one. */
    pastMedian: number | null;
    past: number;
  };
  /** Step Functions and Lambda, without what the steps themselves make. */
  usd: { least: number; most: number };
  /** What is not in what the steps bring back. */
  loss: { step: string; from: string; seconds: number; keeps: string[] }[];
}

/** Puts the rehearsal and the plan's own figures together. Pure. */
export function dryRunOf(plan: Plan, report: PreflightReport, deployed: boolean): DryRun {
  const rows = new Map(report.steps.map((row) => [row.id, row]));
  const { seconds, usd } = estimate(plan);
  return {
    service: plan.service,
    at: report.at,
    executable: report.executable && deployed,
    problems: [
      ...(deployed ? [] : ["this file is not what is deployed: deploy it, or check out what was deployed"]),
      ...report.problems,
      ...report.steps.flatMap(({ id, problems }) => problems.map((each) => `${id}: ${each}`)),
    ],
    assumed: report.assumed,
    stages: plan.stages.map(({ name, levels, after, steps }) => ({
      name,
      levels: levels ?? null,
      after: after ?? null,
      steps: steps.flatMap(({ id }) => rows.get(id) ?? []),
    })),
    seconds: {
      least: seconds.best,
      most: seconds.worst,
      pastMedian: report.past.medianSeconds,
      past: report.past.runs,
    },
    usd: { least: usd.best, most: usd.worst },
    loss: report.steps.flatMap(({ id, losesFrom, keeps = [] }) =>
      losesFrom === undefined
        ? []
        : [
            {
              step: id,
              from: losesFrom,
              seconds: Math.max(0, Math.round((Date.parse(report.at) - Date.parse(losesFrom)) / 1000)),
              keeps,
            },
          ],
    ),
  };
}

/** What a step's role does when, in words. */
const WHEN: Partial<Record<Row["calls"][number]["as"], string>> = {
  write: "would call",
  revert: "to undo it",
};

/** For people: stage after stage. */
export function dryRunText(found: DryRun): string {
  const { service, at, executable, problems, assumed, stages, seconds, usd, loss } = found;
  const past =
    seconds.pastMedian === null
      ? "nothing was rolled back before"
      : `${seconds.past} earlier rollbacks took ${durationText(seconds.pastMedian)} (median)`;
  return [
    `What a rollback of ${service} that began at ${at} would do. Nothing was changed.`,
    ...stages.flatMap(({ name, levels, after, steps }, index) => [
      "",
      `${index + 1}. ${name}${levels ? ` (only at ${levels.join(", ")})` : ""}${after ? " (after the watch)" : ""}`,
      ...steps.flatMap(stepLines),
    ]),
    "",
    `time  ${durationText(seconds.least)} at the least, watch included, ${durationText(seconds.most)} at the most; ${past}`,
    `cost  USD ${usd.least} to ${usd.most} for Step Functions and Lambda; what the steps make comes on top`,
    ...(loss.length === 0
      ? ["loss  no step brings back older data"]
      : loss.map(
          ({ step, from, seconds: lost, keeps }) =>
            `loss  ${step} brings back what was there at ${from}; what was written in the ${durationText(lost)} since is set aside${keeps.length > 0 ? `: ${keeps.join("; ")}` : ""}`,
        )),
    ...assumed.map((each) => `Assumed: ${each}.`),
    ...problems.map((each) => `IN THE WAY  ${each}`),
    `The plan ${executable ? "could be carried out" : "could NOT be carried out"}.`,
  ].join("\n");
}

function stepLines({ id, kind, resolvesTo, calls }: Row): string[] {
  const planned = calls.filter(({ as }) => WHEN[as] !== undefined);
  const wide = Math.max(0, ...planned.map(({ action }) => action.length));
  return [
    `   ${id} (${kind}): ${resolvesTo ?? "not resolved"}`,
    ...planned.map(
      ({ as, action, resource, allowed }) =>
        `      ${WHEN[as]!.padEnd(10)}  ${action.padEnd(wide)}  ${allowed ? "allowed" : "DENIED "}  ${resource}`,
    ),
  ];
}
