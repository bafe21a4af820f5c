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
  /** Levels at which the plan runs anything; a manual start at another one is refused. Any, if not given. */
  levels?: string[];
  /** ISO 8601. */
  now: string;
}

/** Why a criterion does not count; undefined when it does. Only a whole window in ALARM counts (invariant 3). */
function weakness(criterion: Criterion, reading: AlarmReading | undefined): string | undefined {
  if (!reading) return "could not be read";
  if (reading.state !== "ALARM") return `is ${reading.state}`;
  if (reading.windowSeconds !== undefined && reading.windowSeconds < criterion.forSeconds)
    return `is in ALARM after ${reading.windowSeconds} s, and the plan asks for ${criterion.forSeconds} s`;
  return undefined;
}

/** Why no deployment explains it; undefined when one does (R2). */
function unexplained({ deployment, deploymentWindowSeconds, now }: DecisionInputs): string | undefined {
  if (!deployment) return "no deployment is recorded";
  const age = (Date.parse(now) - Date.parse(deployment.startedAt)) / 1000;
  // Written so that an unreadable instant, whose age is NaN, explains nothing.
  return age >= 0 && age <= deploymentWindowSeconds
    ? undefined
    : `the last deployment (${deployment.version}) began at ${deployment.startedAt}, outside the last ${deploymentWindowSeconds} s`;
}

/**
 * The first criterion in the plan's order whose alarm held for its whole window decides (R1). OK, INSUFFICIENT_DATA,
 * an alarm that could not be read, or one whose window is shorter than the plan's never act (invariant 3). Without a
 * deployment inside the window the cause lies elsewhere, and a person is told (R2). A person's own start is taken at
 * their word, at a level that the plan has.
 */
export function decide(inputs: DecisionInputs): Decision {
  const recorded = structuredClone(inputs) as unknown as Record<string, unknown>;
  const { criteria, alarms, trigger } = inputs;
  if (trigger.type === "manual") return { ...byHand(inputs, trigger), inputs: recorded };

  const readings = new Map(alarms.map((reading) => [reading.alarm, reading]));
  const judged = criteria.map((criterion) => ({
    criterion,
    weak: weakness(criterion, readings.get(criterion.alarm)),
  }));
  const held = judged.find(({ weak }) => weak === undefined)?.criterion;
  if (!held) {
    const seen =
      judged.map(({ criterion, weak }) => `${criterion.id} ${weak}`).join(", ") || "the plan has none";
    return {
      decision: "ignore",
      level: "none",
      rule: "none",
      because: `no criterion holds: ${seen}`,
      inputs: recorded,
    };
  }
  const { id, level, threshold, forSeconds } = held;
  const what = `${id}: ${threshold} for ${forSeconds} s, in ALARM since ${readings.get(held.alarm)!.since}`;
  const acts = held.decision === "rollback" || held.decision === "approve";
  if (!acts) return { decision: held.decision, level, rule: id, because: what, inputs: recorded };
  const missing = unexplained(inputs);
  if (missing)
    return {
      decision: "notify",
      level,
      rule: id,
      because: `${what}; but ${missing}: look elsewhere first`,
      inputs: recorded,
    };
  const { version, startedAt } = inputs.deployment!;
  return {
    decision: held.decision,
    level,
    rule: id,
    because: `${what}; deployment ${version} began at ${startedAt}`,
    inputs: recorded,
  };
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
