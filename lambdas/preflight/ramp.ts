import { frozenUntil, readLock } from "../runtime/lock.ts";
import type { PreflightRow, RampPreflight, RehearsalJudgeEvent } from "../runtime/protocol.ts";
import { forbidden, knownBad, whyNot } from "../runtime/ramp-refusal.ts";
import { rowsOf } from "./judge.ts";
import type { Permitted } from "./permitted.ts";

/**
 * Whether the plan's ramp could be carried out, and whether one would be let in now: a question of its own, since a
 * service that is frozen or was rolled back an hour ago can be rolled back none the less.
 */
export async function judgeRamp(
  { run, steps, expected, redeploy }: RehearsalJudgeEvent,
  permissions: Map<string, Permitted>,
  table: string,
  now: number,
): Promise<RampPreflight | undefined> {
  if (!redeploy) return undefined;
  const { service } = run;
  const { budget, observe, version, unchanged } = redeploy;
  const [against, lock, freeze, usedUp, bad] = await Promise.all([
    whyNot(table, service, { ...(version === "" ? {} : { version }), fixed: false, observe, budget }, now),
    readLock(table, service),
    frozenUntil(table, service, now),
    forbidden(table, service, budget, now),
    knownBad(table, service, now),
  ]);
  const rows = [
    ...rowsOf(
      steps.filter(({ ramp }) => ramp),
      expected.filter(({ ramp }) => ramp),
      permissions,
    ),
    ...unchanged.map(nothingToChange),
  ];
  return {
    executable: rows.every(({ problems }) => problems.length === 0),
    steps: rows,
    refused: against?.reason ?? "",
    lock: !lock || lock.state === "free" ? "free" : `${lock.state} by run ${lock.runId} since ${lock.since}`,
    freeze: freeze ? `until ${freeze.until}, by ${freeze.by}` : "none",
    budget: usedUp ?? "not used up",
    version: version === "" ? "" : versionText(version, bad.get(version)),
    knownBad: [...bad.keys()],
  };
}

const versionText = (version: string, by: string | undefined) =>
  by ? `${version} was rolled back from by run ${by}` : `${version} is not known to be bad`;

/** A step that another pipeline brings about, or that only waits. */
const nothingToChange = (stage: string): PreflightRow => ({
  id: stage,
  kind: "step",
  stage: `Redeploy: ${stage}`,
  resolvesTo: "changes nothing, only holds",
  evidence: [],
  permitted: 0,
  of: 0,
  calls: [],
  problems: [],
});
