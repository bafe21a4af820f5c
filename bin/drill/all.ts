import type { DrillResult } from "./drill.ts";
import type { Figure } from "./figures.ts";
import { clockText } from "./print.ts";

/** A drill that was carried out, or why it could not be. */
export type Attempt = DrillResult | { plan: string; failed: string };

/** Figures of a drill that have a column. */
const COLUMNS: [figure: string, title: string][] = [
  ["detection", "detected"],
  ["decision", "decided"],
  ["restore", "restored"],
  ["verified", "verified"],
];

const TITLES = ["plan", ...COLUMNS.map(([, title]) => title), "watched", "rows lost", "runs", ""];

/** Measured against the runbook's objective, both on the drill's clock; a plan may have none, or no such step. */
function cell(figure: Figure | undefined): string {
  if (figure?.seconds === undefined) return figure?.objective === undefined ? "-" : "not reached";
  const measured = clockText(figure.seconds * 1000);
  if (figure.objective === undefined) return measured;
  const missed = figure.seconds > figure.objective ? " MISSED" : "";
  return `${measured} of ${clockText(figure.objective * 1000)}${missed}`;
}

/** Rows lost, where a scenario counts any; a scenario without data of its own has none to lose. */
function lostIn({ expectations }: DrillResult): string {
  const counts = expectations.flatMap(({ lost }) => lost ?? []);
  return counts.length === 0 ? "-" : String(counts.reduce((sum, each) => sum + each, 0));
}

function rowOf(attempt: Attempt): string[] {
  if ("failed" in attempt)
    return [attempt.plan, ...TITLES.slice(2).map(() => "-"), `NOT DRILLED: ${attempt.failed}`];
  const { plan, figures, watched, runs, held } = attempt;
  return [
    plan,
    ...COLUMNS.map(([name]) => cell(figures.find((each) => each.name === name))),
    `${watched.passed} of ${watched.of}`,
    lostIn(attempt),
    String(runs),
    held ? "held" : "DID NOT HOLD",
  ];
}

/** One table of all drills, a line each; what was measured, of what the runbook allows. Pure. */
export function allLines(attempts: Attempt[]): string[] {
  const rows = [TITLES, ...attempts.map(rowOf)];
  const widths = TITLES.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((text, column) => (column === TITLES.length - 1 ? text : text.padEnd(widths[column]!)))
      .join("   ")
      .trimEnd(),
  );
}

/** Carries drills out one after the other. One that cannot be is shown as such, and the next begins. */
export async function drillAll(
  names: string[],
  one: (name: string) => Promise<DrillResult>,
  signal: AbortSignal,
): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (const name of names) {
    try {
      attempts.push(await one(name));
    } catch (error) {
      // Ctrl-C is about all of them.
      if (signal.aborted) throw error;
      attempts.push({ plan: name, failed: (error as Error).message.split("\n")[0]! });
    }
  }
  return attempts;
}
