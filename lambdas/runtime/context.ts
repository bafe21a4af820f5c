import { setTimeout as pause } from "node:timers/promises";

/** What a verb may use of the outside, so that tests can put something else in its place. */
export interface Context {
  /** Epoch milliseconds. */
  now(): number;
  /** Waits; rejects when the function is about to be stopped. */
  sleep(milliseconds: number): Promise<void>;
  region: string;
  tableName: string;
}

/** The context of a real invocation. */
export function processContext(environment: NodeJS.ProcessEnv = process.env): Context {
  return {
    now: () => Date.now(),
    sleep: (milliseconds) => pause(milliseconds),
    region: environment["AWS_REGION"] ?? "us-east-1",
    tableName: environment["TABLE_NAME"] ?? "",
  };
}
