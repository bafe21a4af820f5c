import type { InvokeCommandInput, InvokeCommandOutput } from "@aws-sdk/client-lambda";
import { Uint8ArrayBlobAdapter } from "@smithy/core/serde";
import { operation, ServiceException } from "../../service.ts";
import { enqueue } from "./asynchronous.ts";
import { execute } from "./execute.ts";
import { arnOf, functionNamed, referenceOf, refuseWhileChanging, revisionOf } from "./lookup.ts";

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_REQUEST_BYTES = 6 * 1024 * 1024;
const MAX_EVENT_BYTES = 1024 * 1024;

function payloadOf(given: Uint8Array | undefined, most: number): string {
  if (!given || given.length === 0) return "{}";
  if (given.length > most)
    throw new ServiceException(
      "RequestTooLargeException",
      `Request must be smaller than ${most} bytes for the InvokeFunction operation`,
      {
        status: 413,
        members: { Type: "User" },
      },
    );
  const text = Buffer.from(given).toString("utf8");
  try {
    JSON.parse(text);
  } catch (error) {
    throw new ServiceException(
      "InvalidRequestContentException",
      `Could not parse request body into json: ${(error as Error).message}`,
      { status: 400, members: { Type: "User" } },
    );
  }
  return text;
}

function contextOf(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, "base64").toString("utf8");
}

/** Runs a function: waits for its answer, queues the event, or only checks the permission. */
export const Invoke = operation<InvokeCommandInput, Omit<InvokeCommandOutput, "$metadata">>({
  authorize: (input, { world }) => [
    { action: "lambda:InvokeFunction", resources: [arnOf(world, input.FunctionName, input.Qualifier)] },
  ],
  run: async (input, { world, requestId }) => {
    const of = functionNamed(world, input.FunctionName);
    const { qualifier } = referenceOf(input.FunctionName, input.Qualifier);
    const revision = revisionOf(of, qualifier);
    if (input.InvocationType === "DryRun") return { StatusCode: 204, Payload: undefined };
    const asynchronous = input.InvocationType === "Event";
    const payload = payloadOf(
      input.Payload as Uint8Array | undefined,
      asynchronous ? MAX_EVENT_BYTES : MAX_REQUEST_BYTES,
    );
    if (revision.change === "create" && revision.readyAt > world.clock.now()) refuseWhileChanging(world, of);
    if (asynchronous) {
      enqueue(world, { requestId, functionName: of.name, qualifier, payload });
      return { StatusCode: 202, Payload: Uint8ArrayBlobAdapter.fromString("") };
    }
    const ran = await execute(world, of, {
      qualifier,
      payload,
      requestId,
      clientContext: contextOf(input.ClientContext),
    });
    return {
      StatusCode: 200,
      ExecutedVersion: ran.executedVersion,
      ...(ran.error ? { FunctionError: "Unhandled" } : {}),
      ...(input.LogType === "Tail" ? { LogResult: Buffer.from(ran.logTail).toString("base64") } : {}),
      Payload: Uint8ArrayBlobAdapter.fromString(ran.error ? JSON.stringify(ran.error) : ran.payload!),
    };
  },
});
