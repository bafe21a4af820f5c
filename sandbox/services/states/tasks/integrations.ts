import { type Principal, ServiceException } from "../../../service.ts";
import { StateFailure } from "../../../states/failure.ts";
import type { World } from "../../../world.ts";
import { executionNamed } from "../state.ts";
import { invokeFunction, lambdaFailure } from "./lambda-invoke.ts";

/** One service integration of Task states. */
export interface Integration {
  call(given: {
    world: World;
    principal: Principal;
    arguments: Record<string, unknown>;
    signal: AbortSignal;
  }): Promise<unknown>;
  /** `.sync`: waits for what `call` began. */
  wait?(given: { world: World; result: unknown; json: boolean; signal: AbortSignal }): Promise<unknown>;
  /** The error a Task reports for what the service threw. */
  failure(problem: unknown): StateFailure;
}

const failureOf = (prefix: string) => (problem: unknown) => {
  if (!(problem instanceof ServiceException))
    return new StateFailure(`${prefix}.SdkClientException`, String((problem as Error)?.message ?? problem));
  const name = problem.code.endsWith("Exception") ? problem.code : `${problem.code}Exception`;
  return new StateFailure(
    `${prefix}.${name}`,
    `${problem.message} (Service: ${prefix}, Status Code: ${problem.status ?? 400}, Request ID: sandbox)`,
  );
};

/** Objects where an API wants JSON text: Step Functions writes them out. */
const asText = (value: unknown) =>
  typeof value === "string" || value === undefined ? value : JSON.stringify(value);

function plain(
  service: string,
  operation: string,
  prefix: string,
  prepare: (given: Record<string, unknown>) => unknown = (given) => given,
): Integration {
  return {
    failure: failureOf(prefix),
    call: async ({ world, principal, arguments: given }) => {
      const answer = await world.call<object>({ service, operation, input: prepare(given), principal });
      return {
        ...answer,
        SdkHttpMetadata: { AllHttpHeaders: {}, HttpHeaders: {}, HttpStatusCode: 200 },
        SdkResponseMetadata: { RequestId: "sandbox" },
      };
    },
  };
}

/** The optimized integrations, by `service:action` as a Resource names them. */
export const INTEGRATIONS: Record<string, Integration> = {
  "lambda:invoke": {
    call: ({ world, principal, arguments: given }) => invokeFunction(world, principal, given),
    failure: lambdaFailure,
  },
  "sns:publish": plain("sns", "Publish", "SNS", (given) => ({ ...given, Message: asText(given["Message"]) })),
  "sqs:sendMessage": plain("sqs", "SendMessage", "SQS", (given) => ({
    ...given,
    MessageBody: asText(given["MessageBody"]),
  })),
  "dynamodb:getItem": plain("dynamodb", "GetItem", "DynamoDB"),
  "dynamodb:putItem": plain("dynamodb", "PutItem", "DynamoDB"),
  "dynamodb:updateItem": plain("dynamodb", "UpdateItem", "DynamoDB"),
  "dynamodb:deleteItem": plain("dynamodb", "DeleteItem", "DynamoDB"),
  "events:putEvents": plain("events", "PutEvents", "EventBridge", (given) => ({
    ...given,
    Entries: (given["Entries"] as Record<string, unknown>[] | undefined)?.map((entry) => ({
      ...entry,
      Detail: asText(entry["Detail"]),
    })),
  })),
  "states:startExecution": {
    ...plain("states", "StartExecution", "StepFunctions", (given) => ({
      stateMachineArn: given["StateMachineArn"],
      name: given["Name"],
      input: asText(given["Input"] ?? {}),
    })),
    call: async ({ world, principal, arguments: given }) => {
      const input = {
        stateMachineArn: given["StateMachineArn"],
        name: given["Name"],
        input: asText(given["Input"] ?? {}),
      };
      const answer = await world.call<{ executionArn: string; startDate: Date }>({
        service: "states",
        operation: "StartExecution",
        input,
        principal,
      });
      return { ExecutionArn: answer.executionArn, StartDate: answer.startDate.getTime() };
    },
    wait: async ({ world, result, json }) => {
      const execution = executionNamed(world, (result as { ExecutionArn: string }).ExecutionArn);
      await execution.ended;
      const described = {
        ExecutionArn: execution.arn,
        Input: json ? JSON.parse(execution.input) : execution.input,
        InputDetails: { Included: true },
        Name: execution.name,
        ...(execution.output === undefined
          ? {}
          : {
              Output: json ? JSON.parse(execution.output) : execution.output,
              OutputDetails: { Included: true },
            }),
        StartDate: execution.startedAt,
        StateMachineArn: execution.machine.arn,
        Status: execution.status,
        StopDate: execution.stoppedAt,
        ...(execution.error === undefined ? {} : { Error: execution.error }),
        ...(execution.cause === undefined ? {} : { Cause: execution.cause }),
      };
      if (execution.status !== "SUCCEEDED")
        throw new StateFailure("States.TaskFailed", JSON.stringify(described));
      return described;
    },
  },
};

export { failureOf };
