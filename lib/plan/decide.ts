import type { Decision, Deployment, RunContext } from "../../lambdas/runtime/protocol.ts";

/** A criterion as it is decided on: the plan's trigger without what only the alarm needs. */
export interface Criterion {
  id: string;
  alarmName: string;
  threshold: string;
  for: string;
  decision: Decision["decision"];
  level: string;
  severity?: string;
}

/** An alarm as it was read at the moment of the decision. */
export interface AlarmReading {
  alarmName: string;
  state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  /** When it entered this state, ISO 8601. */
  since: string;
  reason: string;
}

/** Everything a decision rests on; recorded whole, so that replaying it gives the same decision. */
export interface DecisionInputs {
  criteria: Criterion[];
  alarms: AlarmReading[];
  trigger: RunContext["trigger"];
  deployment?: Deployment;
  /** Seconds back in which a deployment counts as the likely cause. */
  deploymentWindow: number;
  /** ISO 8601. */
  now: string;
}

/**
 * First criterion in the plan's order whose alarm is in ALARM decides (R1). Only ALARM counts: CloudWatch sets it
 * when the criterion held for its whole window; OK, INSUFFICIENT_DATA and an alarm that could not be read never act
 * (invariant 3). Without a deployment inside the window the cause lies elsewhere, and a person is told (R2).
 * A person's own start is taken at their word.
 */
export function decide(inputs: DecisionInputs): Decision {
  const { criteria, alarms, trigger, deployment, deploymentWindow, now } = inputs;
  const recorded = inputs as unknown as Record<string, unknown>;
  if (trigger.type === "manual") {
    const level = trigger.level ?? "full";
    return { decision: "rollback", level, rule: "manual", because: `${trigger.by} started it by hand at level ${level}`, inputs: recorded };
  }
  const state = new Map(alarms.map((alarm) => [alarm.alarmName, alarm]));
  const held = criteria.find(({ alarmName }) => state.get(alarmName)?.state === "ALARM");
  if (!held) {
    const seen = alarms.map(({ alarmName, state: value }) => `${alarmName} ${value}`).join(", ") || "no alarm could be read";
    return { decision: "ignore", level: "none", rule: "none", because: `no criterion holds any more: ${seen}`, inputs: recorded };
  }
  const { threshold, for: window, level, id } = held;
  const what = `${id}: ${threshold} for ${window}, in ALARM since ${state.get(held.alarmName)!.since}`;
  if (held.decision === "rollback" || held.decision === "approve") {
    const age = deployment ? (Date.parse(now) - Date.parse(deployment.startedAt)) / 1000 : undefined;
    if (age === undefined || age > deploymentWindow || age < 0) {
      const last = deployment ? `the last deployment (${deployment.version}) began at ${deployment.startedAt}` : "no deployment is recorded";
      return { decision: "notify", level, rule: id, because: `${what}; but ${last}, outside the plan's window: look elsewhere first`, inputs: recorded };
    }
    return { decision: held.decision, level, rule: id, because: `${what}; deployment ${deployment!.version} began at ${deployment!.startedAt}`, inputs: recorded };
  }
  return { decision: held.decision, level, rule: id, because: what, inputs: recorded };
}
