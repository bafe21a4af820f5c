import { RemovalPolicy, Stack } from "aws-cdk-lib";
import type { Role } from "aws-cdk-lib/aws-iam";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { DefinitionBody, LogLevel, StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import type { Machine } from "./workflow/asl.ts";

/** A state machine with full logs and traces. No secret passes through any, so the logs hold the executions' data. */
export function loggedMachine(
  scope: Construct,
  id: string,
  given: { name: string; definition: Machine; role: Role },
): StateMachine {
  const { name, definition, role } = given;
  return new StateMachine(scope, id, {
    stateMachineName: name,
    comment: definition.Comment,
    definitionBody: DefinitionBody.fromString(Stack.of(scope).toJsonString(definition)),
    role,
    tracingEnabled: true,
    logs: {
      level: LogLevel.ALL,
      includeExecutionData: true,
      destination: new LogGroup(scope, `${id}Log`, {
        // This prefix keeps the account's one policy for log delivery short, however many machines there are.
        logGroupName: `/aws/vendedlogs/states/${name}`,
        retention: RetentionDays.ONE_YEAR,
        removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      }),
    },
  });
}
