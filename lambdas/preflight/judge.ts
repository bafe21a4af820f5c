import { causeText } from "../messages/cause.ts";
import type {
  ExpectedPermission,
  PastTime,
  PreflightReport,
  PreflightRow,
  RehearsalJudgeEvent,
  RehearsedStep,
} from "../runtime/protocol.ts";
import { idsOf, type Permitted } from "./permitted.ts";

/** Errors that say that another step's result is missing, not that this one is wrong. */
const MISSING_RESULT = "States.QueryEvaluationError";

/** What the rehearsal found, as one report. `wholePlan`: problems that are no step's. Pure. */
export function judge(
  { run, assumed, steps, expected }: RehearsalJudgeEvent,
  permissions: Map<string, Permitted>,
  wholePlan: string[],
  past: PastTime,
  now: number,
): PreflightReport {
  const own = steps.filter(({ ramp }) => !ramp);
  const rows = rowsOf(
    own,
    expected.filter(({ ramp }) => !ramp),
    permissions,
  );
  const problems = [...wholePlan, ...(own.length === 0 ? ["no step was rehearsed"] : [])];
  return {
    service: run.service,
    plan: run.plan,
    at: new Date(now).toISOString(),
    executable: problems.length === 0 && rows.every((each) => each.problems.length === 0),
    problems,
    assumed,
    past,
    steps: rows,
  };
}

/** A row for each step, then one for each check. */
export function rowsOf(
  steps: RehearsedStep[],
  expected: ExpectedPermission[],
  permissions: Map<string, Permitted>,
): PreflightRow[] {
  const stepIds = new Set(steps.map(({ step }) => step));
  const checks = [...new Set(expected.flatMap(idsOf))].filter((id) => !stepIds.has(id));
  return [
    ...steps.map((each) => row(each, permissions.get(each.step))),
    ...checks.map((id): PreflightRow => {
      const found = permissions.get(id)!;
      return {
        id,
        kind: "check",
        stage: "",
        evidence: [],
        permitted: found.permitted,
        of: found.of,
        calls: found.calls,
        problems: found.denied,
      };
    }),
  ];
}

function row(
  { step, kind, stage, summary, evidence = [], losesFrom, keeps, problem }: RehearsedStep,
  permissions: Permitted | undefined,
): PreflightRow {
  return {
    id: step,
    kind,
    stage,
    ...(summary === undefined ? {} : { resolvesTo: summary }),
    evidence,
    permitted: permissions?.permitted ?? 0,
    of: permissions?.of ?? 0,
    calls: permissions?.calls ?? [],
    ...(losesFrom === undefined ? {} : { losesFrom }),
    ...(keeps === undefined ? {} : { keeps }),
    problems: [...(problem ? [problemText(problem)] : []), ...(permissions?.denied ?? [])],
  };
}

const problemText = ({ error, cause }: { error: string; cause: string }) =>
  error === MISSING_RESULT
    ? `it needs what an earlier step could not resolve (${causeText(cause).slice(0, 300)})`
    : `${error}: ${causeText(cause).slice(0, 600)}`;
