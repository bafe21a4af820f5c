import { type FunctionError, runInvocation } from "../../engines/functions/index.ts";
import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { revisionOf } from "./lookup.ts";
import { recordUse } from "./metrics.ts";
import type { LambdaFunction } from "./state.ts";

/** What running a function once came to. */
export interface Execution {
  executedVersion: string;
  payload?: string;
  error?: FunctionError;
  logTail: string;
}

/** Throttled: the function has no concurrency left. Nothing ran. */
export function throttled(): ServiceException {
  return new ServiceException("TooManyRequestsException", "Rate Exceeded.", {
    status: 429,
    members: { Reason: "ReservedFunctionConcurrentInvocationLimitExceeded", Type: "User" },
  });
}

/** Runs a function once with a JSON payload. Throws only what Lambda itself answers, never the function's error. */
export async function execute(
  world: World,
  of: LambdaFunction,
  call: {
    qualifier: string | undefined;
    payload: string;
    requestId: string;
    clientContext?: string | undefined;
  },
): Promise<Execution> {
  const revision = revisionOf(of, call.qualifier);
  if (of.reservedConcurrency !== undefined && of.running >= of.reservedConcurrency) {
    recordUse(world, of.name, { Throttles: 1 });
    throw throttled();
  }
  of.running += 1;
  try {
    const answer = await runInvocation(
      world,
      {
        revision: `${of.arn}:${revision.version}:${revision.revisionId}`,
        name: of.name,
        version: revision.version,
        runtime: revision.runtime,
        handler: revision.handler,
        folder: revision.codeFolder,
        variables: revision.variables,
        timeoutSeconds: revision.timeout,
        memoryMegabytes: revision.memorySize,
        roleArn: revision.role,
        logGroup: revision.logging.LogGroup,
        logFormat: revision.logging.LogFormat,
        traced: revision.tracing === "Active",
      },
      {
        requestId: call.requestId,
        payload: call.payload,
        invokedFunctionArn: call.qualifier ? `${of.arn}:${call.qualifier}` : of.arn,
        clientContext: call.clientContext,
      },
    );
    recordUse(world, of.name, {
      Invocations: 1,
      Errors: answer.error ? 1 : 0,
      Duration: answer.durationMilliseconds,
    });
    return { executedVersion: revision.version, ...answer };
  } finally {
    of.running -= 1;
  }
}
