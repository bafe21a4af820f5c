/** Namespace of what the watchdog itself measures: each trigger's baseline, and its own health. */
export const OWN_NAMESPACE = "RollbackWatchdog";

/** Metric: alarms that rang and that no run answered. */
export const UNANSWERED = "UnansweredAlarms";

/** Metrics of a trigger that is relative to a baseline: what is normal, and how far from it is. */
export const BASELINE = { mean: "Baseline", deviation: "Deviation" } as const;

/** One trigger that is relative to a baseline; the stack puts the list into the function's environment. */
export interface BaselineSpec {
  trigger: string;
  metric: { namespace: string; name: string; statistic: string; dimensions?: Record<string, string> };
  windowSeconds: number;
  lagSeconds: number;
  /** Length of a point whose usual deviation is measured too, seconds; absent when the trigger asks for percent. */
  deviationOfSeconds?: number;
}

/** EventBridge source and detail-type under which events that joined a run come back when it ended without acting. */
export const JOINED = { source: "watchdog.trigger", detailType: "Joined Run Ended" } as const;

/** Tag on everything that a practice makes, with the practice's id: what may be deleted again, and by whom. */
export const PRACTICE_TAG = "watchdog:practice";

/** Session tag under which that practice's clean-up takes its role on. */
export const PRACTICE_SESSION = "practice";

/**
 * What a release may be called. It comes from an event and goes into mails, commands, paths and names: no space, no
 * bracket or quote, no hyphen in front, no `..`.
 */
export const VERSION = {
  pattern: /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._+:@/-]*$/,
  says: "a letter or digit, then letters, digits and . _ + : @ / -, without two dots in a row",
} as const;
