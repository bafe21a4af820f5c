/**
 * What passes between the state machines and the functions, a file a conversation: both sides take it from here.
 * All instants are ISO 8601 UTC strings, all durations seconds. Nothing secret is in any of it.
 */

export * from "./protocol/admission.ts";
export * from "./protocol/approval.ts";
export * from "./protocol/checks.ts";
export * from "./protocol/decision.ts";
export * from "./protocol/notices.ts";
export * from "./protocol/practice.ts";
export * from "./protocol/redeploy.ts";
export * from "./protocol/rehearsal.ts";
export * from "./protocol/report.ts";
export * from "./protocol/run.ts";
export * from "./protocol/steps.ts";
