import { Stack } from "aws-cdk-lib";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { Effect, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import type { PlanFunctions } from "./functions.ts";
import { loggedMachine } from "./logged-machine.ts";
import { escalationName } from "./names.ts";
import type { NoticeTopics } from "./notifications.ts";
import type { Plan } from "./plan/schema.ts";
import { functionRole } from "./roles.ts";
import { tellEnvironment, tellPermissions } from "./tell.ts";
import { TASK_SECONDS } from "./workflow/deadline.ts";
import { compileLadder } from "./workflow/escalation/machine.ts";

/** The ladder's own state machine and its one function; nothing for a plan without `escalation`. */
export function addEscalation(
  scope: Construct,
  plan: Plan,
  functions: PlanFunctions,
  { table, topics }: { table: Table; topics: NoticeTopics },
): StateMachine | undefined {
  if (!plan.escalation) return undefined;
  const { service } = plan;
  const escalator = functionRole(scope, "EscalateRole", {
    description: `Calls people for ${service} until somebody acknowledges`,
    permissions: [
      ...tellPermissions(scope, plan, { table, topics }),
      {
        // Whether the run has ended.
        actions: ["dynamodb:GetItem"],
        resources: [table.tableArn],
        conditions: {
          "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [`service#${service}`] },
          Null: { "dynamodb:LeadingKeys": "false" },
        },
      },
    ],
  });
  topics.notices.masterKey?.grant(escalator, "kms:Decrypt", "kms:GenerateDataKey");
  const escalate = functions.publish("Escalate", {
    bundle: "escalate",
    description: "calls people, rung after rung",
    role: escalator,
    timeoutSeconds: TASK_SECONDS.handler,
    environment: tellEnvironment(topics),
  });
  const { partition } = Stack.of(scope);
  const definition = compileLadder(plan, { escalate: escalate.versionArn, partition });
  const role = new Role(scope, "EscalationRole", {
    assumedBy: new ServicePrincipal("states.amazonaws.com"),
    description: `Runs the escalation of ${service}`,
  });
  // Every version, not just today's: a ladder that climbs during a deployment calls the version it began with.
  for (const [effect, qualifier] of [
    [Effect.ALLOW, "*"],
    [Effect.DENY, "$LATEST"],
  ] as const)
    role.addToPolicy(
      new PolicyStatement({
        effect,
        actions: ["lambda:InvokeFunction"],
        resources: [`${escalate.functionArn}:${qualifier}`],
      }),
    );
  return loggedMachine(scope, "Escalation", { name: escalationName(service), definition, role });
}
