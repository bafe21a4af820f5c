/**
 * Names that people and the command line must find without looking them up. Pure: nothing of the CDK is loaded.
 * Everything else in a stack has a name that CloudFormation makes.
 */

/** `llm-research-lab` → `LlmResearchLabWatchdog` */
export const stackName = (service: string): string =>
  `${service.replace(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase())}Watchdog`;

/** Lock, freeze, history and deployments. */
export const tableName = (service: string): string => `${service}-watchdog`;

export const stateMachineName = (service: string): string => `${service}-rollback`;

/** Takes an ended rollback back. */
export const undoName = (service: string): string => `${service}-undo`;

/** Brings a fixed release out again, in steps. */
export const redeployName = (service: string): string => `${service}-redeploy`;

/** Holds one step of that, or a day of it. */
export const holdName = (service: string): string => `${service}-redeploy-hold`;

/** Reminders after a run. */
export const followUpsName = (service: string): string => `${service}-follow-ups`;

export const dashboardName = (service: string): string => `${service}-watchdog`;

/** The ladder: who is called, the longer nobody acknowledges. */
export const escalationName = (service: string): string => `${service}-escalation`;

/** SSM parameter that pipelines read before they deploy: `open` or `closed`. */
export const gateName = (service: string): string => `/watchdog/${service}/gate`;

/** Restores to throw-away copies, checks them and deletes them again. */
export const practiceName = (service: string): string => `${service}-practice`;

/** Rehearses the plan's preflights; changes nothing. */
export const preflightName = (service: string): string => `${service}-preflight`;

/** What a release may be called, as the function that records deployments takes it. */
export { VERSION } from "../lambdas/runtime/names.ts";
