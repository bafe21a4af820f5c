/** How a ramp would go, in words: what a dry run's mail says, and the command line. */
export { heldLine, outlineLines } from "../../lambdas/messages/ramp-outline.ts";
export type { PlannedRun, RampOutline } from "../../lambdas/runtime/protocol.ts";
