import { loadPlan } from "./load.ts";
import { type PlanProblem, problemText } from "./problem.ts";
import { registries as builtIn, type Registries } from "./registries.ts";

/** One file and everything wrong with it; an empty list means that it is a good plan. */
export interface ValidatedFile {
  file: string;
  problems: PlanProblem[];
}

/** Reads and judges plans. Every problem of every file at once; two files with the same service are one of them. */
export function validateFiles(files: string[], registries: Registries = builtIn): ValidatedFile[] {
  const services = new Map<string, string>();
  return files.map((file) => {
    const { plan, problems } = loadPlan(file, registries);
    const first = plan && services.get(plan.service);
    if (!plan || first === file) return { file, problems };
    if (first === undefined) {
      services.set(plan.service, file);
      return { file, problems };
    }
    const same: PlanProblem = {
      file,
      line: 1,
      column: 1,
      reason: `service "${plan.service}" has a plan already: ${first}`,
      instead: "one plan, one service: join the two or rename one",
    };
    return { file, problems: [same, ...problems] };
  });
}

/** The outcome as lines for a terminal. */
export function validationText(validated: ValidatedFile[]): string {
  const lines = validated.flatMap(({ file, problems }) =>
    problems.length === 0 ? [`${file}: no problems`] : problems.map(problemText),
  );
  const count = validated.reduce((total, { problems }) => total + problems.length, 0);
  return [
    ...lines,
    ...(count > 0 ? [`${count} problem${count === 1 ? "" : "s"}; nothing was built`] : []),
  ].join("\n");
}
