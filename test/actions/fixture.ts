import type { DrillBench } from "../drills/harness.ts";

/** What the contract suite must know of one kind of action to put it through its paces on a drilled plan. */
export interface ActionFixture<Observed = unknown> {
  /** Plan (of `plans/`, or of `benches/`) and step whose deployed functions are called. */
  plan: string;
  step: string;
  /** The step's `with:`, its expressions evaluated. */
  input(bench: DrillBench): Promise<Record<string, unknown>> | Record<string, unknown>;
  /** A wrong input, and the path its refusal must name. */
  bad: { input(good: Record<string, unknown>): Record<string, unknown>; path: string };
  /** The world as far as this action could change it, seen from outside; compared in depth. */
  observe(bench: DrillBench): Promise<Observed>;
  /** What it must be after exactly one `apply` that is done. */
  applied(before: Observed): Observed;
  /** What it must be after a `revert` of a begun `apply`; as it was before unless given. */
  reverted?(before: Observed): Observed;
  /** Somebody else changes the same thing after preflight; the returned function puts the world back. */
  disturb?(bench: DrillBench): Promise<() => Promise<void>>;
  /** The AWS call without which `apply` can change nothing: denied, throttled, lost and crashed around in the suite. */
  call: { service: string; operation: string; action: string };
  /** What this kind must keep beside the contract: further tests on the same bench. */
  also?(bench: () => DrillBench): void;
}
