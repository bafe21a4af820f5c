import { Stack } from "aws-cdk-lib";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { Role } from "aws-cdk-lib/aws-iam";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import type { PlanFunctions } from "./functions.ts";
import { machineOf } from "./machine.ts";
import { escalationName } from "./names.ts";
import type { NoticeTopics } from "./notifications.ts";
import type { Plan } from "./plan/schema.ts";
import { permit } from "./roles.ts";
import { partitionAccess } from "./store.ts";
import { tellEnvironment } from "./tell.ts";
import { TASK_SECONDS } from "./workflow/deadline.ts";
import { compileLadder } from "./workflow/escalation/machine.ts";

/** The ladder's own state machine, and its one function, which tells people as announcing does; nothing for a plan without `escalation`. */
export function addEscalation(
  scope: Construct,
  plan: Plan,
  functions: PlanFunctions,
  {
    table,
    topics,
    announcer,
    attendant,
  }: { table: Table; topics: NoticeTopics; announcer: Role; attendant: Role },
): StateMachine | undefined {
  if (!plan.escalation) return undefined;
  const { service } = plan;
  // Whether the run has ended.
  permit(announcer, partitionAccess(table, `service#${service}`, ["dynamodb:GetItem"]));
  const escalate = functions.publish("Escalate", {
    bundle: "escalate",
    description: "calls people, rung after rung",
    role: announcer,
    timeoutSeconds: TASK_SECONDS.handler,
    environment: tellEnvironment(topics),
  });
  const { partition } = Stack.of(scope);
  const definition = compileLadder(plan, { escalate: escalate.versionArn, partition });
  return machineOf(scope, "Escalation", {
    name: escalationName(service),
    definition,
    functions: [escalate],
    role: attendant,
    // A rule does, when a run was stopped or ran out of time.
    scheduled: true,
  });
}
