import { randomBytes } from "node:crypto";
import type { World } from "../../world.ts";
import type { RunnableFunction } from "./environment.ts";
import type { FunctionError } from "./messages.ts";
import { type Environment, functionPool } from "./pool.ts";
import { exitError, type Outcome } from "./process.ts";

export type { RunnableFunction } from "./environment.ts";
export type { FunctionError } from "./messages.ts";
export { functionPool } from "./pool.ts";

/** Largest answer of a synchronous invocation, bytes. */
const MAX_ANSWER_BYTES = 6 * 1024 * 1024;
/** What `LogType: Tail` gives back, bytes. */
const TAIL_BYTES = 4096;

export interface Invocation {
  requestId: string;
  /** JSON text. */
  payload: string;
  invokedFunctionArn: string;
  clientContext?: string | undefined;
}

/** What an invocation came to. Exactly one of `payload` and `error` is set. */
export interface InvocationAnswer {
  payload?: string;
  error?: FunctionError;
  /** The last 4 KiB of its log. */
  logTail: string;
  /** Machine milliseconds the handler ran. */
  durationMilliseconds: number;
}

/** Runs one invocation in a process of its function, with the log lines Lambda writes around it. */
export async function runInvocation(
  world: World,
  of: RunnableFunction,
  invocation: Invocation,
): Promise<InvocationAnswer> {
  const pool = functionPool(world);
  const acquired = await pool.acquire(of);
  const { environment, initMilliseconds } = acquired;
  const { log } = environment;
  const tail: string[] = [];
  log.onLine = (line) => tail.push(line);
  const { requestId } = invocation;
  try {
    if (initMilliseconds !== undefined)
      log.line(
        `INIT_START Runtime Version: ${of.runtime.replace("nodejs", "nodejs:").replace(".x", "")}.sandbox`,
      );
    log.line(`START RequestId: ${requestId} Version: ${of.version}`);
    const started = performance.now();
    const outcome = acquired.error
      ? ({ kind: "error", error: acquired.error } as const)
      : await invokeIn(world, environment, of, invocation);
    const durationMilliseconds = performance.now() - started;
    const error = errorOf(world, of, requestId, outcome, environment);
    log.endLine();
    log.line(`END RequestId: ${requestId}`);
    log.line(report(of, requestId, durationMilliseconds, initMilliseconds));
    const text = tail.join("\n");
    return {
      ...(error ? { error } : { payload: (outcome as { payload: string }).payload }),
      logTail: text.slice(-TAIL_BYTES),
      durationMilliseconds,
    };
  } finally {
    log.onLine = () => {};
    pool.release(environment);
  }
}

function invokeIn(
  world: World,
  environment: Environment,
  of: RunnableFunction,
  invocation: Invocation,
): Promise<Outcome> {
  const { clock } = world;
  const allowed = clock.workMilliseconds(of.timeoutSeconds);
  return environment.process.invoke(
    {
      type: "invoke",
      requestId: invocation.requestId,
      payload: invocation.payload,
      traceId: traceHeader(world, of.traced),
      invokedFunctionArn: invocation.invokedFunctionArn,
      deadline: clock.toMachine(clock.now()) + allowed,
      timeScale: (of.timeoutSeconds * 1000) / allowed,
      ...(invocation.clientContext ? { clientContext: invocation.clientContext } : {}),
    },
    allowed,
  );
}

/** The error an outcome means, as Lambda answers it; also writes the line Lambda logs for it. */
function errorOf(
  world: World,
  of: RunnableFunction,
  requestId: string,
  outcome: Outcome,
  { log }: Environment,
): FunctionError | undefined {
  if (outcome.kind === "error") {
    // Errors of the runtime itself name the request; the function's own stay as they were thrown.
    if (outcome.error.errorType !== "Runtime.ExitError") return outcome.error;
    return { ...outcome.error, errorMessage: `RequestId: ${requestId} Error: ${outcome.error.errorMessage}` };
  }
  if (outcome.kind === "timeout") {
    const said = `Task timed out after ${of.timeoutSeconds.toFixed(2)} seconds`;
    log.endLine();
    log.line(`${new Date(world.clock.now()).toISOString()} ${requestId} ${said}`);
    return { errorType: "Sandbox.Timedout", errorMessage: `RequestId: ${requestId} Error: ${said}` };
  }
  if (outcome.kind === "exit") {
    const { errorType, errorMessage } = exitError(outcome);
    log.endLine();
    log.line(`RequestId: ${requestId} Error: ${errorMessage}`);
    return { errorType, errorMessage: `RequestId: ${requestId} Error: ${errorMessage}` };
  }
  if (Buffer.byteLength(outcome.payload) > MAX_ANSWER_BYTES)
    return {
      errorType: "Function.ResponseSizeTooLarge",
      errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_ANSWER_BYTES + 556} bytes).`,
    };
  return undefined;
}

function report(of: RunnableFunction, requestId: string, milliseconds: number, init?: number): string {
  const parts = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${milliseconds.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(milliseconds + (init ?? 0))} ms`,
    `Memory Size: ${of.memoryMegabytes} MB`,
    ...(init === undefined ? [] : [`Init Duration: ${init.toFixed(2)} ms`]),
  ];
  return `${parts.join("\t")}\t`;
}

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
function traceHeader(world: World, traced: boolean): string {
  const seconds = Math.floor(world.clock.now() / 1000).toString(16);
  const [root, parent] = [randomBytes(12).toString("hex"), randomBytes(8).toString("hex")];
  return `Root=1-${seconds}-${root};Parent=${parent};Sampled=${traced ? 1 : 0}`;
}
