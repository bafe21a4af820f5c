import type { HistoryEvent } from "@aws-sdk/client-sfn";
import type { Mail } from "../../../sandbox/engines/mail.ts";
import type { World } from "../../../sandbox/world.ts";

/** A call that one of the stack's roles made and AWS answered without an error. */
export interface RecordedCall {
  /** Sandbox time, epoch milliseconds. */
  at: number;
  role: string;
  service: string;
  operation: string;
  input: unknown;
}

/** Everything a run left behind that an invariant can be judged on. */
export interface RunRecord {
  service: string;
  status: string;
  history: HistoryEvent[];
  /** Of every execution of the service's machine: from when to when, and what it ended as. */
  executions: { name: string; from: number; to: number; acted: boolean }[];
  calls: RecordedCall[];
  mails: Pick<Mail, "to" | "subject" | "text" | "at">[];
  /** Values of all secrets, long enough to be one. Only ever compared with, never printed. */
  secrets: string[];
  /** All log lines. */
  logs: string[];
  /** Rounds the plan's watch has. */
  watchRounds: number;
  /** Kinds by step id. */
  steps: Record<string, { effect: string; stage: number; keepsBefore?: boolean }>;
}

/** Records the calls of roles from now on. */
export function recordCalls(world: World): RecordedCall[] {
  const calls: RecordedCall[] = [];
  world.interceptors.push({
    after({ principal, service, operation, input }, { error }) {
      if (principal.type !== "role" || error !== undefined) return;
      calls.push({ at: world.clock.now(), role: principal.roleArn, service, operation, input });
    },
  });
  return calls;
}
