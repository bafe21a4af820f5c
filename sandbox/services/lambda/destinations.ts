import type { World } from "../../world.ts";
import type { Execution } from "./execute.ts";
import { recordUse } from "./metrics.ts";
import type { LambdaFunction } from "./state.ts";

type Condition = "Success" | "RetriesExhausted" | "EventAgeExceeded" | "ZeroReservedConcurrency";

/** An event in Lambda's own queue. */
export interface AsyncEvent {
  requestId: string;
  functionName: string;
  qualifier: string | undefined;
  payload: string;
}

interface Ending {
  of: LambdaFunction;
  event: AsyncEvent;
  invocations: number;
  last: Execution | undefined;
}

/** An event that was processed: to the on-success destination, if there is one. */
export async function deliverSuccess(world: World, ending: Ending): Promise<void> {
  const destination = configOf(ending)?.destinations.OnSuccess?.Destination;
  if (destination) await deliver(world, destination, ending, "Success");
}

/** An event that was given up: to the on-failure destination and to the dead-letter queue or topic. */
export async function deliverFailure(world: World, ending: Ending & { condition: Condition }): Promise<void> {
  recordUse(world, ending.of.name, { AsyncEventsDropped: 1 });
  world.log("lambda", `${ending.of.name} gave up an event (${ending.condition})`, {
    requestId: ending.event.requestId,
    error: ending.last?.error?.errorMessage,
  });
  const destination = configOf(ending)?.destinations.OnFailure?.Destination;
  if (destination) await deliver(world, destination, ending, ending.condition);
  const deadLetters = ending.of.latest.deadLetterArn;
  if (deadLetters) await deliverDeadLetter(world, deadLetters, ending);
}

function configOf({ of, event }: Ending) {
  return of.eventInvokeConfigs.get(event.qualifier ?? "$LATEST");
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
function recordOf(world: World, { of, event, invocations, last }: Ending, condition: Condition): object {
  return {
    version: "1.0",
    timestamp: new Date(world.clock.now()).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${of.arn}:${event.qualifier ?? "$LATEST"}`,
      condition,
      approximateInvokeCount: invocations,
    },
    requestPayload: JSON.parse(event.payload) as unknown,
    ...(last
      ? {
          responseContext: {
            statusCode: 200,
            executedVersion: last.executedVersion,
            ...(last.error ? { functionError: "Unhandled" } : {}),
          },
          responsePayload: (last.error ?? JSON.parse(last.payload ?? "null")) as unknown,
        }
      : {}),
  };
}

async function deliver(world: World, arn: string, ending: Ending, condition: Condition): Promise<void> {
  const record = recordOf(world, ending, condition);
  const text = JSON.stringify(record);
  const result = condition === "Success" ? "Success" : "Failure";
  await send(
    world,
    arn,
    ending,
    {
      sqs: (QueueUrl) => ["SendMessage", { QueueUrl, MessageBody: text }],
      sns: () => ["Publish", { TopicArn: arn, Message: text }],
      lambda: () => ["Invoke", { FunctionName: arn, InvocationType: "Event", Payload: Buffer.from(text) }],
      events: () => [
        "PutEvents",
        {
          Entries: [
            {
              Source: "lambda",
              DetailType: `Lambda Function Invocation Result - ${result}`,
              Detail: text,
              Resources: [arn, `${ending.of.arn}:${ending.event.qualifier ?? "$LATEST"}`],
              EventBusName: arn.split("/").at(-1),
            },
          ],
        },
      ],
    },
    "DestinationDeliveryFailures",
  );
}

/** The event itself, with why it failed in the attributes. */
async function deliverDeadLetter(world: World, arn: string, ending: Ending): Promise<void> {
  const attribute = (DataType: string, StringValue: string) => ({ DataType, StringValue });
  const MessageAttributes = {
    RequestID: attribute("String", ending.event.requestId),
    ErrorCode: attribute("Number", "200"),
    ErrorMessage: attribute(
      "String",
      (ending.last?.error?.errorMessage || "The event was not processed").slice(0, 1024),
    ),
  };
  await send(
    world,
    arn,
    ending,
    {
      sqs: (QueueUrl) => ["SendMessage", { QueueUrl, MessageBody: ending.event.payload, MessageAttributes }],
      sns: () => ["Publish", { TopicArn: arn, Message: ending.event.payload, MessageAttributes }],
    },
    "DeadLetterErrors",
  );
}

type Sender = (queueUrl: string) => [operation: string, input: object];

/** Calls the target under the function's role, as Lambda does; a failed delivery is counted and said, not raised. */
async function send(
  world: World,
  arn: string,
  ending: Ending,
  senders: Record<string, Sender>,
  failure: "DestinationDeliveryFailures" | "DeadLetterErrors",
): Promise<void> {
  const service = arn.split(":")[2] ?? "";
  const { of } = ending;
  const principal = { type: "role", roleArn: of.latest.role, sessionName: of.name } as const;
  try {
    const sender = senders[service];
    if (!sender) throw new Error(`Lambda delivers to no ${service} resource`);
    let queueUrl = "";
    if (service === "sqs") {
      const QueueName = arn.split(":").at(-1);
      const found = await world.call<{ QueueUrl?: string }>({
        service,
        operation: "GetQueueUrl",
        input: { QueueName },
        principal: { type: "admin" },
      });
      queueUrl = found.QueueUrl ?? "";
    }
    const [operation, input] = sender(queueUrl);
    await world.call({ service, operation, input, principal });
  } catch (error) {
    recordUse(world, of.name, { [failure]: 1 });
    world.log(
      "lambda",
      `The record of ${of.name}'s event did not reach ${arn}: ${(error as Error).message}`,
      {
        requestId: ending.event.requestId,
      },
    );
  }
}
