/**
 * A function's process: started blank, becomes one execution environment, then answers one invocation after
 * the other. It ends when the sandbox that started it is gone.
 */
// Loaded before a function is: Lambda's own runtime speaks HTTP to the service it takes its invocations from.
import "node:https";
import { flushCompileCache } from "node:module";
import { installClock, machineNow } from "./bootstrap/clock.ts";
import { errorReport, type Handler, InitError, loadHandler } from "./bootstrap/handler.ts";
import { forgetSandboxCa, installNetwork } from "./bootstrap/network.ts";
import { installOutput, type OutputContext } from "./bootstrap/output.ts";
import type { FromRuntime, FunctionError, InvokeMessage, StartMessage, ToRuntime } from "./messages.ts";

const context: OutputContext = { requestId: undefined };
let handler: Handler | undefined;
let kept = false;

const send = (message: FromRuntime, sent?: () => void) => {
  if (process.connected) process.send!(message, undefined, undefined, () => sent?.());
};

flushCompileCache();
process.on("disconnect", () => process.exit(0));
process.on("message", (message: ToRuntime) => {
  if (message.type === "start") void start(message);
  else void invoke(message);
});
process.on("uncaughtException", (error) => die(errorReport(error), 129));
process.on("unhandledRejection", (reason) => {
  const report = errorReport(reason);
  const text = reason instanceof Error ? String(reason) : report.errorMessage;
  die({ ...report, errorType: "Runtime.UnhandledPromiseRejection", errorMessage: text }, 128);
});
send({ type: "blank" });

async function start(message: StartMessage): Promise<void> {
  const now = installClock(message.clock);
  installNetwork(message.dns);
  if (!message.trustSandboxCa) forgetSandboxCa();
  installOutput((text) => send({ type: "log", text }), message.logFormat, context, now);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, message.environment);
  // The one option that bundles commonly set; the process started before its function was known.
  if (process.env["NODE_OPTIONS"]?.includes("--enable-source-maps")) process.setSourceMapsEnabled(true);
  process.chdir(message.folder);
  try {
    handler = await loadHandler(message.folder, message.handler);
  } catch (error) {
    const report = error instanceof InitError ? error.report : errorReport(error);
    send({ type: "init-error", error: report }, () => process.exit(1));
    return;
  }
  send({ type: "ready" });
}

async function invoke(message: InvokeMessage): Promise<void> {
  context.requestId = message.requestId;
  process.env["_X_AMZN_TRACE_ID"] = message.traceId;
  try {
    const event: unknown = JSON.parse(message.payload);
    const result = await handler!(event, lambdaContext(message));
    const payload = JSON.stringify(result === undefined ? null : result);
    send({ type: "result", requestId: message.requestId, payload }, keepCompiled);
  } catch (error) {
    const report = errorReport(error);
    console.error(`Invoke Error \t${JSON.stringify({ ...report, stack: report.trace, trace: undefined })}`);
    send({ type: "error", requestId: message.requestId, error: report });
  }
}

/** Keeps what was compiled for the next process of this bundle: once the answer is out, so that nobody waits for it. */
function keepCompiled(): void {
  if (kept) return;
  kept = true;
  flushCompileCache();
}

/** An error outside the handler ends the process, as it ends Lambda's. */
function die(error: FunctionError, code: number): void {
  const { requestId } = context;
  if (requestId) {
    console.error(`Uncaught Exception \t${JSON.stringify(error)}`);
    send({ type: "error", requestId, error, fatal: true }, () => process.exit(code));
  } else send({ type: "init-error", error }, () => process.exit(code));
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
function lambdaContext(message: InvokeMessage): object {
  const { env } = process;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env["AWS_LAMBDA_FUNCTION_NAME"],
    functionVersion: env["AWS_LAMBDA_FUNCTION_VERSION"],
    invokedFunctionArn: message.invokedFunctionArn,
    memoryLimitInMB: env["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
    logGroupName: env["AWS_LAMBDA_LOG_GROUP_NAME"],
    logStreamName: env["AWS_LAMBDA_LOG_STREAM_NAME"],
    awsRequestId: message.requestId,
    clientContext: message.clientContext ? (JSON.parse(message.clientContext) as unknown) : undefined,
    identity: undefined,
    getRemainingTimeInMillis: () =>
      Math.max(0, Math.floor((message.deadline - machineNow()) * message.timeScale)),
  };
}
