import type { AnnounceEvent, Measurement } from "../runtime/protocol.ts";

/** A mail: subject within SNS's limits, text for a plain mailbox. */
export interface Message {
  subject: string;
  text: string;
}

/** SNS takes subjects of printable ASCII, under 100 characters, one line. */
export const subject = (text: string): string =>
  text
    .replace(/→/g, "->")
    .replace(/[^\x20-\x7e]+/g, " ")
    .replace(/ +/g, " ")
    .trim()
    .slice(0, 99);

const WIDTH = 78;

/** Wraps a paragraph; long words (ARNs, commands) stay whole. */
export function wrap(text: string, indent = ""): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(/\s+/)) {
    if (line.trim() !== "" && line.length + word.length + 1 > WIDTH) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line += line.trim() === "" ? word : ` ${word}`;
  }
  return [...lines, line].join("\n");
}

/** A headed part of a mail; empty parts are left out. */
export const part = (title: string, lines: string[]): string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => wrap(line, "  ")), ""];

/** What was decided, by which rule, on what. */
export const decided = ({ run, decision, approval }: AnnounceEvent): string[] =>
  part("Decided", [
    decision
      ? `${decision.decision}, level ${decision.level}, by rule ${decision.rule}: ${decision.because}`
      : `not yet: ${run.reason}`,
    ...(approval ? [`${approval.outcome}: ${approval.because}`] : []),
  ]);

/** What changes, before and after, with how the targets were derived. */
export const changes = (event: AnnounceEvent, title: string): string[] =>
  part(
    title,
    Object.entries(event.changes).flatMap(([step, { summary, evidence = [] }]) => [
      `${step}: ${summary}`,
      ...evidence.map((line) => `  (${line})`),
    ]),
  );

const measured = ({ check, verdict, value, limit }: Measurement) =>
  `${check}: ${verdict}${value === undefined ? "" : ` (${value})`}, must be ${limit}`;

export const checks = (event: AnnounceEvent): string[] => part("Checks", event.checks.map(measured));

/** The end of every mail: which run this is, how to look at it, and, of a run that ended, its outcome as the last line. */
export const footer = ({ run, ending }: AnnounceEvent): string[] => [
  `Run ${run.id} of ${run.service}, begun ${run.startedAt}.`,
  ...(run.deployment
    ? [`Last deployment: ${run.deployment.version} at ${run.deployment.startedAt}.`]
    : ["No deployment is recorded."]),
  ...(run.lastGood ? [`Last version known to be good: ${run.lastGood.version}.`] : []),
  ...(ending ? [`Outcome: ${ending}.`] : []),
];

export const message = (title: string, lines: string[]): Message => ({
  subject: subject(title),
  text: lines.join("\n"),
});
