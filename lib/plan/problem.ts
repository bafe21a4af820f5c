/** Something wrong in a plan's file; `line` and `column` count from 1. */
export interface PlanProblem {
  file: string;
  line: number;
  column: number;
  reason: string;
  /** What to write instead. */
  instead: string;
  /** The plan rule behind it, if one is. */
  rule?: string;
}

/** Something wrong in a plan, at a path inside it; `load` turns the path into a line and a column. */
export interface Finding {
  path: (string | number)[];
  /** Where inside the text at `path`, from 1, when it is a template. */
  within?: { line: number; column: number };
  /** What is wrong. */
  reason: string;
  /** What to write instead. */
  instead: string;
}

/** All problems of a plan at once. Nothing is synthesized or changed when it is thrown. */
export class PlanError extends Error {
  readonly problems: PlanProblem[];

  constructor(problems: PlanProblem[]) {
    super(problems.map(problemText).join("\n"));
    this.name = "PlanError";
    this.problems = problems;
  }
}

/** `plans/x.yaml:12:7  what is wrong  what to write instead`, in one line. */
export function problemText({ file, line, column, reason, instead, rule }: PlanProblem): string {
  return `${file}:${line}:${column}  ${reason}${rule ? ` [${rule}]` : ""}  ${instead}`;
}
