import type { Principal } from "../../../service.ts";
import { ServiceException } from "../../../service.ts";
import { StateFailure } from "../../../states/failure.ts";
import type { World } from "../../../world.ts";

/** `lambda:invoke`: the Invoke API with JSON payloads. A function's own error becomes the task's error. */
export async function invokeFunction(
  world: World,
  principal: Principal,
  given: Record<string, unknown>,
): Promise<unknown> {
  const { Payload, ...rest } = given;
  const answer = await world.call<{
    StatusCode?: number;
    ExecutedVersion?: string;
    FunctionError?: string;
    Payload?: Uint8Array;
    LogResult?: string;
  }>({
    service: "lambda",
    operation: "Invoke",
    input: { ...rest, ...(Payload === undefined ? {} : { Payload: Buffer.from(JSON.stringify(Payload)) }) },
    principal,
  });
  const text = answer.Payload ? Buffer.from(answer.Payload).toString() : "";
  if (answer.FunctionError) {
    const body = parsed(text) as { errorType?: string } | undefined;
    // A function that times out or dies has no type of its own; Step Functions calls both a Lambda.Unknown or States.Timeout… see lambda service.
    throw new StateFailure(body?.errorType ?? "Lambda.Unknown", text);
  }
  return {
    ExecutedVersion: answer.ExecutedVersion ?? "$LATEST",
    Payload: text === "" ? {} : parsed(text),
    SdkHttpMetadata: {
      AllHttpHeaders: {},
      HttpHeaders: {},
      HttpStatusCode: answer.StatusCode ?? 200,
    },
    SdkResponseMetadata: { RequestId: "sandbox" },
    StatusCode: answer.StatusCode ?? 200,
    ...(answer.LogResult ? { LogResult: answer.LogResult } : {}),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // a function that answers something other than JSON: passed on as text, as Lambda does
  }
}

/** An exception of the Lambda service itself: `Lambda.TooManyRequestsException` … */
export function lambdaFailure(problem: unknown): StateFailure {
  if (!(problem instanceof ServiceException))
    return new StateFailure("Lambda.Unknown", String((problem as Error)?.message ?? problem));
  const status = problem.status ?? 400;
  return new StateFailure(
    `Lambda.${problem.code}`,
    `${problem.message} (Service: Lambda, Status Code: ${status}, Request ID: sandbox) (SDK Attempt Count: 1)`,
  );
}
