import type { PlannedRun, RampOutline } from "../runtime/protocol.ts";

/** How a ramp would go, beside its changes: its steps, its time, its cost, and what takes it back. Titles with their lines. Pure. */
export function outlineLines(
  { steps, back, atOnce, checks, approval }: RampOutline,
  planned: Pick<PlannedRun, "seconds" | "usd" | "unknown"> | null,
): [string, string[]][] {
  const total = steps.reduce((sum, { holdSeconds }) => sum + holdSeconds, 0);
  const ids = (list: string[]) => (list.length > 0 ? list.join(", ") : "none");
  return [
    [
      "Steps",
      steps.map(
        (step, index) =>
          `${index + 1}. ${step.name}: ${step.changes.length > 0 ? step.changes.join(", ") : "no change"}; ${heldLine(step)}`,
      ),
    ],
    ["Time", [`${span(total)} of holds${planned ? `; ${inDays(planned.seconds.worst)} at the most` : ""}.`]],
    [
      "Taken back a step by",
      [
        `triggers: ${ids(back)}`,
        `checks that do not pass: ${ids(checks)}`,
        `over, with a rollback at once: ${ids(atOnce)}; a run by hand; a deployment of another version`,
      ],
    ],
    ["Approval", [approval === "" ? "nobody is asked" : approval]],
    [
      "Cost",
      planned ? [`USD ${planned.usd.best} to ${planned.usd.worst} for Step Functions and Lambda.`] : [],
    ],
    ["IAM", planned?.unknown ? [`${planned.unknown}. Whether the calls are allowed is not known.`] : []],
  ];
}

/** How long a step is held, and how often it is measured. */
export const heldLine = ({ holdSeconds, everySeconds }: RampOutline["steps"][number]): string =>
  `held ${span(holdSeconds)}, measured every ${span(everySeconds)}`;

/** Whole hours or minutes, as plans have them. */
export function span(seconds: number): string {
  if (seconds >= 3600 && seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds >= 60 ? `${Math.round(seconds / 60)} min` : `${seconds} s`;
}

const inDays = (seconds: number) =>
  seconds >= 2 * 86_400 ? `${Math.ceil(seconds / 86_400)} days` : `${Math.ceil(seconds / 60)} min`;
