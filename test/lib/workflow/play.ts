import type { Machine } from "../../../lib/workflow/asl.ts";
import type { Clock } from "../../../sandbox/clock.ts";
import { StateFailure } from "../../../sandbox/states/failure.ts";
import type { RunResult } from "../../../sandbox/states/frame.ts";
import { runExecution } from "../../../sandbox/states/run.ts";
import { virtualClock } from "../../../sandbox/virtual-clock.ts";

/** One call of a function: which, and with what. */
export interface Call {
  /** Last part of the function's name: `admit`, `make-write`, `probe`. */
  fn: string;
  payload: Payload;
  async: boolean;
}

interface Payload {
  verb?: string;
  phase?: string;
  moment?: string;
  outcome?: string;
  step?: { id: string };
  check?: { id: string };
  input?: unknown;
  change?: unknown;
  progress?: unknown;
  [key: string]: unknown;
}

/** Answers a call (`now`: epoch milliseconds); undefined: as a function does when all is well. May throw a {@link StateFailure}. */
export type Answer = (call: Call, calls: Call[], now: number) => unknown;

export interface Played extends RunResult {
  calls: Call[];
  /** Names of the states entered, in order. */
  states: string[];
  clock: Clock;
  /** `apply restore`, `revert key` … in order. */
  changes: string[];
}

/** Plays a compiled workflow on the sandbox's interpreter with made-up functions. */
export async function play(
  machine: Machine,
  answer: Answer = () => undefined,
  input: object = {},
): Promise<Played> {
  const calls: Call[] = [];
  const clock = virtualClock();
  const arn = "arn:aws:states:eu-west-1:123456789012:execution:shop:run-1";
  let token = 0;
  const result = await runExecution({
    machine: structuredClone(machine) as never,
    input,
    clock,
    context: {
      Execution: {
        Id: arn,
        Name: "run-1",
        Input: input,
        StartTime: "2026-01-08T10:00:00.000Z",
        RoleArn: "role",
        RedriveCount: 0,
      },
      StateMachine: { Id: "arn", Name: "shop" },
    },
    newToken: () => `token-${++token}`,
    task: async ({ arguments: given, events }) => {
      events.add("TaskScheduled");
      events.add("TaskStarted");
      const { FunctionName, StateMachineArn, InvocationType, Payload, Name, Input } = given as {
        FunctionName?: string;
        StateMachineArn?: string;
        InvocationType?: string;
        Payload: Payload;
        Name?: string;
        Input?: Payload;
      };
      const call: Call = {
        // Another machine is started under its name, with its execution's name and input.
        fn: FunctionName?.split(":").at(-2) ?? StateMachineArn!.split(":").at(-1)!,
        payload: FunctionName ? Payload : { ...Input, name: Name },
        async: InvocationType === "Event",
      };
      calls.push(call);
      const own = answer(call, calls, clock.now());
      events.add("TaskSucceeded");
      if (!FunctionName && own !== undefined) return own;
      if (!FunctionName)
        return { ExecutionArn: `arn:aws:states:execution:${call.fn}:${Name}`, StartDate: clock.now() };
      if (call.async) return { StatusCode: 202, Payload: {} };
      return { StatusCode: 200, Payload: own === undefined ? wellBehaved(call) : own };
    },
  });
  const states = result.history.events.flatMap((event) => event.stateEnteredEventDetails?.name ?? []);
  const changes = calls.flatMap(({ payload }) =>
    payload.verb === "apply" || payload.verb === "revert" ? [`${payload.verb} ${payload.step!.id}`] : [],
  );
  return { ...result, calls, states, clock, changes };
}

/** An error of a function, as Step Functions sees it. */
export function functionError(name: string, message: string): StateFailure {
  return new StateFailure(name, JSON.stringify({ errorMessage: message, errorType: name, trace: [] }));
}

export function wellBehaved({ fn, payload }: Call): unknown {
  const id = payload.step?.id ?? "";
  if (fn === "admit") return { admitted: true, outcome: "admitted", reason: "first", run };
  if (fn === "decide")
    return { decision: "rollback", level: "full", rule: "errors", because: "they rose", inputs: {} };
  if (fn === "announce") return { sent: true };
  if (fn === "approval" && payload.verb === "settle")
    return { outcome: "approved", by: "lead@shop.example", via: "page", at: "now", because: "by lead" };
  if (fn === "approval") return {};
  if (fn === "report") return { bucket: "reports", key: "run-1.html" };
  if (fn === "release") return { released: payload.outcome !== "failed" };
  if (payload.verb === "calls") return { steps: payload["steps"], unknown: "" };
  if (payload.verb === "measure")
    return {
      check: payload.check!.id,
      verdict: "passed",
      value: "0 %",
      limit: "< 1 %",
      evidence: [],
      at: "now",
    };
  if (payload.verb === "preflight")
    return {
      change: {
        before: { id: `old-${id}` },
        after: { id: `new-${id}` },
        summary: `${id}: old → new`,
        expects: { id: `new-${id}`, endpoint: { address: `${id}.expected`, port: 5432 } },
      },
    };
  if (payload.verb === "apply") return { done: false, note: `${id} has begun`, progress: { polls: 0 } };
  if (payload.verb === "revert") return { done: true, note: `${id} is as before` };
  if (payload.verb === "poll")
    return {
      done: true,
      note: `${id} is there`,
      outputs: { endpoint: { address: `${id}.real`, port: 5432 } },
    };
  throw new Error(`nobody answers ${fn} ${JSON.stringify(payload)}`);
}

export const run = {
  id: "run-1",
  service: "shop",
  startedAt: "2026-01-08T10:00:00Z",
  generation: 1,
  dryRun: false,
  reason: "errors rose",
  trigger: { type: "manual", by: "test" },
  plan: "hash",
};
