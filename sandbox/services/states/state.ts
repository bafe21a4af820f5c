import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { ServiceException } from "../../service.ts";
import type { Machine } from "../../states/asl.ts";
import type { Stopped } from "../../states/failure.ts";
import type { RunResult } from "../../states/frame.ts";
import { stateOf, type World } from "../../world.ts";

/** One revision of a machine: what a version or an execution is bound to. */
export interface Revision {
  definition: string;
  machine: Machine;
  roleArn: string;
  revisionId: string;
}

/** A state machine as the service keeps it. */
export interface StateMachine extends Revision {
  name: string;
  arn: string;
  type: "STANDARD" | "EXPRESS";
  createdAt: number;
  updatedAt: number;
  logging:
    | {
        level?: string;
        includeExecutionData?: boolean;
        destinations?: { cloudWatchLogsLogGroup?: { logGroupArn?: string } }[];
      }
    | undefined;
  tracing: { enabled?: boolean } | undefined;
  versions: Map<number, Revision & { description: string | undefined; createdAt: number }>;
  nextVersion: number;
  aliases: Map<
    string,
    {
      routing: { stateMachineVersionArn: string; weight: number }[];
      description: string | undefined;
      createdAt: number;
    }
  >;
  tags: Map<string, string>;
}

/** An execution, running or ended. */
export interface Execution {
  arn: string;
  name: string;
  machine: StateMachine;
  revision: Revision;
  versionArn: string | undefined;
  input: string;
  status: "RUNNING" | RunResult["status"];
  startedAt: number;
  stoppedAt: number | undefined;
  output: string | undefined;
  error: string | undefined;
  cause: string | undefined;
  history: HistoryEvent[];
  result: RunResult | undefined;
  stop: AbortController;
  redriveCount: number;
  redrivenAt: number | undefined;
  /** Resolves when it has ended. */
  ended: Promise<void>;
}

/** A callback task that waits for its token. */
export interface WaitingTask {
  succeed(output: unknown): void;
  fail(error: string | undefined, cause: string | undefined): void;
  heartbeat(): void;
}

interface StatesState {
  machines: Map<string, StateMachine>;
  executions: Map<string, Execution>;
  waiting: Map<string, WaitingTask>;
  /** Tokens of tasks that are over: answering them is a TaskTimedOut, an unknown one an InvalidToken. */
  spent: Set<string>;
  activities: Map<string, Activity>;
  listeners: Set<(executionArn: string, event: HistoryEvent) => void>;
}

/** An activity: a queue of tasks that workers poll. */
export interface Activity {
  name: string;
  arn: string;
  createdAt: number;
  queue: { token: string; input: string; started(worker: string | undefined): void }[];
  workers: ((task: { token: string; input: string; started(worker: string | undefined): void }) => void)[];
}

export const statesState = stateOf(
  (): StatesState => ({
    machines: new Map(),
    executions: new Map(),
    waiting: new Map(),
    spent: new Set(),
    activities: new Map(),
    listeners: new Set(),
  }),
);

/** Hears every history event of every execution as it is added; the returned function stops that. */
export function onExecutionEvent(
  world: World,
  listener: (executionArn: string, event: HistoryEvent) => void,
): () => void {
  const { listeners } = statesState(world);
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The machine behind an ARN (a version's or alias's ARN gives its machine). */
export function machineNamed(world: World, arn: string | undefined): StateMachine {
  const base = arn?.split(":").slice(0, 7).join(":") ?? "";
  if (!/^arn:aws[\w-]*:states:/.test(arn ?? ""))
    throw new ServiceException("InvalidArn", `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  const machine = statesState(world).machines.get(base);
  if (!machine)
    throw new ServiceException("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
  return machine;
}

export function executionNamed(world: World, arn: string | undefined): Execution {
  if (!/^arn:aws[\w-]*:states:/.test(arn ?? ""))
    throw new ServiceException("InvalidArn", `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  const execution = statesState(world).executions.get(arn!);
  if (!execution) throw new ServiceException("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
  return execution;
}

/** Ends an execution from outside; what ended already stays as it is. */
export function stopExecution(execution: Execution, reason: Stopped): void {
  if (execution.status === "RUNNING") execution.stop.abort(reason);
}

/** `arn:…:stateMachine:<name>` */
export const machineArn = (world: World, name: string) => world.arn("states", `stateMachine:${name}`);
