import { createHash } from "node:crypto";

/** The first hexadecimal digits of a SHA-256. */
export const digest = (text: string, length = 10) =>
  createHash("sha256").update(text).digest("hex").slice(0, length);

/**
 * A name for something a step makes, the same whenever the step is called again: `<base>-r-<8 digits of run and step>`.
 * Fits RDS identifiers (1-63 letters, digits, hyphens; no trailing or doubled hyphen).
 */
export function madeName(base: string, run: string, step: string, longest = 63): string {
  const end = `-r-${digest(`${run}/${step}`, 8)}`;
  return `${base.slice(0, longest - end.length).replace(/-+$/, "")}${end}`.toLowerCase();
}

/** Tags on everything a run makes; they also prove, on a second call, whose work it is. */
export const runTags = (run: { id: string; service: string }, step: string) => [
  { Key: "watchdog:run", Value: run.id },
  { Key: "watchdog:service", Value: run.service },
  { Key: "watchdog:step", Value: step },
];
