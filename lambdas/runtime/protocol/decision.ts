import type { Decision, RunContext } from "./run.ts";

/** One criterion of the plan, as `decide` needs it; in the plan's order, the first that holds decides. */
export interface Criterion {
  id: string;
  /** Name of the CloudWatch alarm that stands for it; an event has none. */
  alarm?: string;
  /** In the plan's words: `> 10`, `error-rate and crash-loop`, `event "Rollback Requested"`. */
  threshold: string;
  forSeconds: number;
  periodSeconds: number;
  missing: "breaching" | "notBreaching" | "ignore" | "missing";
  decision: Exclude<Decision["decision"], "unknown">;
  level: string;
  severity?: string;
  /** It acts although no deployment explains it. */
  actsWithoutDeployment?: boolean;
}

/** Sent to `decide`, which answers with a {@link Decision}. */
export interface DecideEvent {
  run: RunContext;
  plan: {
    service: string;
    criteria: Criterion[];
    deploymentWindowSeconds: number;
    /** Levels at which the data goes back too, so that a deployment with a migration is undone whole. */
    migrationSafeLevels: string[];
    /** Seconds a fix may take first; absent where the plan gives none. */
    hotfixSeconds?: number;
    levels: string[];
  };
}
