import type { Change, RunContext } from "./run.ts";

/** What every verb of a step is told. */
interface StepEvent {
  run: RunContext;
  step: { id: string; kind: string; stage: string };
  /** The step's `with:`, expressions evaluated by Step Functions. */
  input: unknown;
}

/** Sent to an action's function. */
export type ActionEvent =
  | (StepEvent & { verb: "preflight" })
  | (StepEvent & { verb: "apply"; change: Change })
  | (StepEvent & { verb: "revert"; change: Change })
  /** `phase` says which of the two is being waited for; `progress` is what the last answer carried. */
  | (StepEvent & { verb: "poll"; phase: "apply" | "revert"; change: Change; progress?: unknown });

/** Answer of preflight. */
export interface PreflightAnswer {
  change: Change;
}

/** Answer of apply, revert and poll. */
export interface ProgressAnswer {
  done: boolean;
  /** What is going on, for the console and the live view: "llm-research-db-r-1a2b is backing-up". */
  note: string;
  /** When done. */
  outputs?: Record<string, unknown>;
  /** Handed back to the next poll. */
  progress?: unknown;
  /**
   * Of a poll: the next thing to do is a change, so the engine calls the changing verb once more instead of polling on.
   * At most `timing.phases - 1` times; poll itself may not write.
   */
  again?: boolean;
}

/** What became of undoing one step. */
export interface RevertRecord {
  step: string;
  reverted: boolean;
  /** What the action said last, or why it could not. */
  note: string;
}
