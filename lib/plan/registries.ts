import { actions } from "../../lambdas/actions/registry.ts";
import { checks } from "../../lambdas/checks/registry.ts";
import type { ActionSpec, CheckSpec } from "../../lambdas/runtime/spec.ts";

/** The kinds a plan may use, by name. */
export interface Registries {
  actions: Record<string, ActionSpec>;
  checks: Record<string, CheckSpec>;
}

/** What this release of the watchdog can do. */
export const registries: Registries = { actions, checks };

/** Whether a step with this input can be undone by the watchdog itself. */
export const revertibleWith = ({ revertible }: ActionSpec, input: unknown): boolean =>
  typeof revertible === "function" ? revertible(input as never) : revertible;
