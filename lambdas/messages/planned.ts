import type { PlannedCall, PlannedRun } from "../runtime/protocol.ts";
import { part } from "./layout.ts";

/** The calls of a run that made none, with IAM's word on each, and what it would take. */
export function plannedLines(planned: PlannedRun | null | undefined): string[] {
  if (!planned) return [];
  const { steps, loses, seconds, usd, past, unknown } = planned;
  return [
    ...part(
      "Would call, in this order",
      steps.flatMap(({ step, calls }) => callLines(step, calls, unknown)),
    ),
    ...part("IAM", unknown ? [`${unknown}. Whether the calls are allowed is not known.`] : []),
    ...part("Time", [
      `${minutes(seconds.best)} at the least, the watch included, and ${minutes(seconds.worst)} at the most.`,
      past.medianSeconds === null
        ? "Nothing was rolled back in the last 90 days."
        : `${past.runs} rollbacks of the last 90 days took ${minutes(past.medianSeconds)} (median).`,
    ]),
    ...part("Cost", [
      `USD ${usd.best} to ${usd.worst} for Step Functions and Lambda. What the steps make comes on top.`,
    ]),
    ...part(
      "Loss",
      loses.map(
        ({ step, from, keeps }) =>
          `${step} brings back what was there at ${from}. What was written since is set aside${keeps.length > 0 ? `: ${keeps.join("; ")}` : ""}.`,
      ),
    ),
  ];
}

/** A line for each action; resources only where they are refused. */
export function callLines(step: string, calls: PlannedCall[], unknown: string): string[] {
  if (calls.length === 0) return [`${step}: ${unknown ? "not known" : "no call to AWS"}`];
  return [...Map.groupBy(calls, ({ action }) => action)].map(([action, on]) => {
    const denied = on.filter(({ allowed }) => !allowed).map(({ resource }) => resource);
    return `${step}: ${action}: ${denied.length === 0 ? "allowed" : `DENIED on ${denied.join(", ")}`}`;
  });
}

const minutes = (seconds: number) =>
  seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
