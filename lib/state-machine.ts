import { RemovalPolicy, Stack } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { DefinitionBody, LogLevel, StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import type { Plan } from "./plan/schema.ts";
import { type CompiledWorkflow, compileWorkflow } from "./workflow/compile.ts";
import type { Bindings } from "./workflow/context.ts";

/** The plan's state machine with full logs and traces; its role may invoke exactly the versions it names. */
export function addStateMachine(
  scope: Construct,
  plan: Plan,
  bindings: Bindings,
): { machine: StateMachine; workflow: CompiledWorkflow } {
  const workflow = compileWorkflow(plan, undefined, bindings);
  const role = new Role(scope, "StateMachineRole", {
    assumedBy: new ServicePrincipal("states.amazonaws.com"),
    description: `Runs the rollback of ${plan.service}`,
  });
  const arns = [
    ...Object.values(bindings.handlers),
    ...Object.values(bindings.actions).flatMap(({ read, write }) => [read, write]),
    ...Object.values(bindings.checks),
  ];
  role.addToPolicy(
    new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [...new Set(arns)] }),
  );
  const machine = new StateMachine(scope, "Rollback", {
    stateMachineName: `${plan.service}-rollback`,
    definitionBody: DefinitionBody.fromString(Stack.of(scope).toJsonString(workflow.definition)),
    role,
    tracingEnabled: true,
    logs: {
      level: LogLevel.ALL,
      includeExecutionData: true,
      destination: new LogGroup(scope, "RollbackLog", {
        logGroupName: `/aws/vendedlogs/states/${plan.service}-rollback`,
        retention: RetentionDays.ONE_YEAR,
        removalPolicy: RemovalPolicy.RETAIN,
      }),
    },
  });
  return { machine, workflow };
}
