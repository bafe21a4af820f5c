import type { Criterion, Decision, Deployment, RunContext } from "../../lambdas/runtime/protocol.ts";

/** An alarm as it was read at the moment of the decision. */
export interface AlarmReading {
  alarm: string;
  state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  /** When it entered this state, ISO 8601. */
  since: string;
  /** CloudWatch's own words, which name the data points. */
  reason: string;
  /** The alarm's own period × evaluation periods, seconds. Shorter than the criterion asks: somebody edited the alarm. */
  windowSeconds?: number;
  /** False: somebody switched the alarm's actions off. */
  actionsEnabled?: boolean;
}

/** Everything a decision rests on; recorded whole, so that replaying it gives the same decision. */
export interface DecisionInputs {
  /** In the plan's order (the payload's `plan.criteria`). */
  criteria: Criterion[];
  alarms: AlarmReading[];
  trigger: RunContext["trigger"];
  deployment?: Deployment;
  /** Seconds back in which a deployment counts as the likely cause. */
  deploymentWindowSeconds: number;
  /** Seconds in which a fix may come first, unless it is SEV-1 or SEV-2. */
  hotfixSeconds?: number;
  /** Levels that take the data back too. Any, if not given. */
  migrationSafeLevels?: string[];
  /** Levels at which the plan runs anything; a manual start at another one is refused. Any, if not given. */
  levels?: string[];
  /** ISO 8601. */
  now: string;
}

/** What a criterion amounts to now. */
type Judged = { criterion: Criterion } & (
  | { holds: true; since: string; what: string }
  /** `unclear`: it could not be judged, which is not the same as being well. */
  | { holds: false; unclear: boolean; why: string }
);

/** Only a whole window in ALARM counts (invariant 3); an event counts when it is what began the run. */
function judge(criterion: Criterion, { alarms, trigger }: DecisionInputs): Judged {
  const { id, threshold, forSeconds, alarm } = criterion;
  if (alarm === undefined)
    return trigger.type === "event" && trigger.criterion === id
      ? {
          criterion,
          holds: true,
          since: trigger.at,
          what: `${id}: ${threshold} from ${trigger.source} at ${trigger.at}${trigger.reason ? `: ${trigger.reason}` : ""}`,
        }
      : { criterion, holds: false, unclear: false, why: `${id} did not happen` };
  const reading = alarms.find((each) => each.alarm === alarm);
  const not = (unclear: boolean, why: string): Judged => ({
    criterion,
    holds: false,
    unclear,
    why: `${id} ${why}`,
  });
  if (!reading) return not(true, "could not be read");
  if (reading.state === "INSUFFICIENT_DATA") return not(true, `is INSUFFICIENT_DATA since ${reading.since}`);
  if (reading.state !== "ALARM") return not(false, `is ${reading.state} since ${reading.since}`);
  if (reading.windowSeconds !== undefined && reading.windowSeconds < forSeconds)
    return not(true, `is in ALARM after ${reading.windowSeconds} s, and the plan asks for ${forSeconds} s`);
  const held = forSeconds > 0 ? `${threshold} for ${forSeconds} s` : threshold;
  return {
    criterion,
    holds: true,
    since: reading.since,
    what: `${id}: ${held}, in ALARM since ${reading.since}`,
  };
}

/** Why no deployment explains it; undefined when one does (R2). An alarm that rang before the change was not caused by it. */
function unexplained(
  { deployment, deploymentWindowSeconds, now }: DecisionInputs,
  since: string,
): string | undefined {
  if (!deployment) return "no deployment is recorded";
  const { version, startedAt, rolledBackBy } = deployment;
  if (rolledBackBy)
    return `the last deployment (${version}) was rolled back from already, by run ${rolledBackBy}`;
  const age = (Date.parse(now) - Date.parse(startedAt)) / 1000;
  // Written so that an unreadable instant, whose age is NaN, explains nothing.
  if (!(age >= 0 && age <= deploymentWindowSeconds))
    return `the last deployment (${version}) began at ${startedAt}, outside the last ${deploymentWindowSeconds} s`;
  return Date.parse(since) < Date.parse(startedAt)
    ? `it was so since ${since}, before the deployment of ${version} began at ${startedAt}`
    : undefined;
}

/** No time for a hotfix. */
const AT_ONCE = ["SEV-1", "SEV-2"];

/**
 * The first criterion in the plan's order that holds for its whole window decides (R1). OK, INSUFFICIENT_DATA, an alarm
 * that could not be read, or one whose window is shorter than the plan's never act (invariant 3); where the alarm that
 * began the run cannot be judged, the answer is `unknown`, and a person is called. Without a deployment inside the
 * window the cause lies elsewhere, and a person is told (R2). What can wait for a hotfix waits that long, as an approval
 * that passes by itself. A person's own start is taken at their word, at a level that the plan has.
 */
export function decide(inputs: DecisionInputs): Decision {
  const recorded = structuredClone(inputs) as unknown as Record<string, unknown>;
  const { criteria, trigger, deployment, hotfixSeconds } = inputs;
  if (trigger.type === "manual") return { ...byHand(inputs, trigger), inputs: recorded };

  const judged = criteria.map((criterion) => judge(criterion, inputs));
  const first = judged.find((each) => each.holds);
  if (!first) return { ...nothingHolds(judged, trigger.criterion), inputs: recorded };
  const { criterion, since, what } = first as Extract<Judged, { holds: true }>;
  const answer = (decision: Decision["decision"], because: string): Decision => ({
    decision,
    level: criterion.level,
    rule: criterion.id,
    because,
    inputs: recorded,
  });
  if (criterion.decision === "notify" || criterion.decision === "ignore")
    return answer(criterion.decision, what);
  const missing = unexplained(inputs, since);
  if (missing && !criterion.actsWithoutDeployment)
    return answer("notify", `${what}; but ${missing}: look elsewhere first`);
  const because =
    missing || !deployment
      ? `${what}; it acts although ${missing}`
      : `${what}; deployment ${deployment.version} began at ${deployment.startedAt}`;
  if (criterion.decision === "rollback" && overMigration(inputs, criterion.level))
    return {
      ...answer(
        "approve",
        `${because}; it had a migration, and level ${criterion.level} does not take the data back: a person must say so`,
      ),
      mustBeSaid: true,
    };
  if (
    criterion.decision === "rollback" &&
    hotfixSeconds !== undefined &&
    !AT_ONCE.includes(criterion.severity ?? "SEV-1")
  )
    return {
      ...answer(
        "approve",
        `${because}; ${criterion.severity} leaves ${hotfixSeconds} s for a hotfix, then the rollback begins`,
      ),
      hotfixSeconds,
    };
  return answer(criterion.decision, because);
}

/** Whether older code would run on the schema of a newer release. */
const overMigration = ({ deployment, migrationSafeLevels }: DecisionInputs, level: string): boolean =>
  deployment?.migration === true && migrationSafeLevels !== undefined && !migrationSafeLevels.includes(level);

/** The alarm that rang is well again (a blip), or it cannot be judged. */
function nothingHolds(judged: Judged[], began: string): Omit<Decision, "inputs"> {
  const seen = judged.flatMap((each) => (each.holds ? [] : [each.why])).join(", ") || "the plan has none";
  const own = judged.find(({ criterion }) => criterion.id === began);
  return own && !own.holds && own.unclear
    ? {
        decision: "unknown",
        level: "none",
        rule: began,
        because: `${began} rang and cannot be judged now: ${seen}. Nothing is rolled back on that; a person must look`,
      }
    : { decision: "ignore", level: "none", rule: "none", because: `no criterion holds: ${seen}` };
}

function byHand(
  { levels }: DecisionInputs,
  { by, level = "full" }: Extract<RunContext["trigger"], { type: "manual" }>,
): Omit<Decision, "inputs"> {
  if (levels && !levels.includes(level))
    return {
      decision: "notify",
      level,
      rule: "manual",
      because: `${by} asked for level "${level}", and this plan has none of that name: nothing was done. Its levels: ${levels.join(", ")}`,
    };
  return {
    decision: "rollback",
    level,
    rule: "manual",
    because: `${by} started it by hand at level ${level}`,
  };
}
