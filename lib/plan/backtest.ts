import type { Criterion, Decision, Deployment } from "../../lambdas/runtime/protocol.ts";
import { type AlarmReading, decide } from "./decide.ts";

/** A metric trigger's past: one value a period, oldest first; a period without data is absent. */
export interface PastMetric {
  criterion: string;
  breaches(value: number): boolean;
  /** Seconds between two points. */
  periodSeconds: number;
  points: { at: number; value: number }[];
}

/** An alarm's change of state. */
export interface Transition {
  criterion: string;
  at: number;
  state: AlarmReading["state"];
}

/** What the replay rests on. */
export interface Past {
  criteria: Criterion[];
  transitions: Transition[];
  /** Any order. */
  deployments: Deployment[];
  deploymentWindowSeconds: number;
  hotfixSeconds?: number;
}

/** One moment at which a criterion began to hold, and what the plan would have done. */
export interface Finding {
  at: string;
  criterion: string;
  decision: Decision["decision"];
  level: string;
  because: string;
  /** The deployment that would have explained it. */
  deployment?: string;
  /** True: it asked for a rollback, and no deployment lay in the plan's window. Likely a false alarm. */
  likelyFalse: boolean;
}

/**
 * An alarm's transitions as CloudWatch would have made them: ALARM at the end of the last of so many whole periods in a
 * row that breach, OK at the first that does not. A gap follows the trigger's rule for missing data. Pure.
 */
export function transitionsOf(metric: PastMetric, criterion: Criterion): Transition[] {
  const { periodSeconds, points, breaches } = metric;
  const wanted = Math.max(1, Math.ceil(criterion.forSeconds / periodSeconds));
  const step = periodSeconds * 1000;
  const values = new Map(points.map(({ at, value }) => [at, value]));
  const [first, last] = [points[0]?.at, points.at(-1)?.at];
  if (first === undefined || last === undefined) return [];
  const found: Transition[] = [];
  let inARow = 0;
  let state: AlarmReading["state"] = "INSUFFICIENT_DATA";
  const enter = (next: AlarmReading["state"], at: number) => {
    if (next !== state) found.push({ criterion: criterion.id, at, state: next });
    state = next;
  };
  for (let at = first; at <= last; at += step) {
    const value = values.get(at);
    const bad = value === undefined ? missingCounts(criterion.missing) : breaches(value);
    // Nothing is known of this period: what was, stays, and no row of breaching periods goes through it.
    if (bad === undefined) inARow = 0;
    else {
      inARow = bad ? inARow + 1 : 0;
      if (!bad) enter("OK", at + step);
      else if (inARow >= wanted) enter("ALARM", at + step);
    }
  }
  return found;
}

/** What a period without data counts as; undefined: as nothing. */
function missingCounts(missing: Criterion["missing"]): boolean | undefined {
  if (missing === "breaching") return true;
  return missing === "notBreaching" ? false : undefined;
}

/** Replays the past through the plan's own `decide`, at each moment at which a criterion began to hold. Pure. */
export function backtest({ criteria, transitions, deployments, ...plan }: Past): Finding[] {
  const now = new Map<string, Transition>();
  const findings: Finding[] = [];
  for (const transition of transitions.toSorted((left, right) => left.at - right.at)) {
    now.set(transition.criterion, transition);
    const criterion = criteria.find(({ id }) => id === transition.criterion);
    if (transition.state !== "ALARM" || !criterion?.alarm) continue;
    const at = new Date(transition.at).toISOString();
    const alarms = criteria.flatMap(({ id, alarm }): AlarmReading[] => {
      const known = now.get(id);
      if (!alarm || !known) return [];
      return [{ alarm, state: known.state, since: new Date(known.at).toISOString(), reason: "replayed" }];
    });
    const deployment = lastBefore(deployments, transition.at);
    const { decision, level, because, rule } = decide({
      ...plan,
      criteria,
      alarms,
      trigger: {
        type: "alarm",
        criterion: criterion.id,
        alarmName: criterion.alarm,
        alarmArn: "",
        since: at,
        reason: "replayed",
      },
      ...(deployment ? { deployment } : {}),
      now: at,
    });
    const acting = criteria.find(({ id }) => id === rule);
    const age = deployment ? (transition.at - Date.parse(deployment.startedAt)) / 1000 : undefined;
    const explained = age !== undefined && age <= plan.deploymentWindowSeconds;
    const asked = acting?.decision === "rollback" || acting?.decision === "approve";
    findings.push({
      at,
      criterion: criterion.id,
      decision,
      level,
      because,
      ...(explained ? { deployment: deployment!.version } : {}),
      likelyFalse: asked && !explained,
    });
  }
  return findings;
}

function lastBefore(deployments: Deployment[], at: number): Deployment | undefined {
  return deployments
    .filter(({ startedAt }) => Date.parse(startedAt) <= at)
    .toSorted((left, right) => left.startedAt.localeCompare(right.startedAt))
    .at(-1);
}
