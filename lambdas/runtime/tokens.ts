import { createHash } from "node:crypto";
import { PRACTICE_TAG } from "./names.ts";
import type { RunContext } from "./protocol.ts";

/** The first hexadecimal digits of a SHA-256. */
export const digest = (text: string, length = 10) =>
  createHash("sha256").update(text).digest("hex").slice(0, length);

/**
 * A name for something a step makes, the same whenever the step is called again: `<base>-r-<8 digits of run and step>`.
 * Fits RDS identifiers (1-63 letters, digits, hyphens; no trailing or doubled hyphen).
 */
export function madeName(
  base: string,
  run: string,
  step: string,
  longest = 63,
  mark: "r" | "p" = "r",
): string {
  const end = `-${mark}-${digest(`${run}/${step}`, 8)}`;
  return `${base.slice(0, longest - end.length).replace(/-+$/, "")}${end}`.toLowerCase();
}

/** Name of what a restore makes beside its source; what a practice makes has a mark of its own, `-p-`. */
export const restoredName = (base: string, run: Pick<RunContext, "id" | "practice">, step: string): string =>
  madeName(base, run.id, step, 63, run.practice ? "p" : "r");

/** The same for a cluster, with room behind it for `-16`: the numbers of its instances. */
export const restoredClusterName = (
  base: string,
  run: Pick<RunContext, "id" | "practice">,
  step: string,
): string => madeName(base, run.id, step, 60, run.practice ? "p" : "r");

/** Tags on everything a run makes; they also prove, on a second call, whose work it is. */
export const runTags = (run: Pick<RunContext, "id" | "service" | "practice">, step: string) => [
  { Key: "watchdog:run", Value: run.id },
  { Key: "watchdog:service", Value: run.service },
  { Key: "watchdog:step", Value: step },
  ...(run.practice ? [{ Key: PRACTICE_TAG, Value: run.id }] : []),
];
