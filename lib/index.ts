/**
 * The library's face: a plan as a construct in another CDK app.
 *
 *     const bundles = await buildBundles();
 *     new RollbackWatchdog(stack, "Watchdog", { plan: "plans/orders.yaml", bundles });
 */
export { buildBundles } from "../lambdas/build.ts";
export { loadPlan, loadPlanOrThrow } from "./plan/load.ts";
export type { Plan } from "./plan/schema.ts";
export { WatchdogStack } from "./stack.ts";
export { RollbackWatchdog, type RollbackWatchdogProps } from "./watchdog.ts";
