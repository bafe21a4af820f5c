import { Stack } from "aws-cdk-lib";
import { Role } from "aws-cdk-lib/aws-iam";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import type { ExpectedPermission } from "../lambdas/runtime/protocol.ts";
import type { PublishedFunction } from "./functions.ts";
import type { Handlers } from "./handlers.ts";
import { loggedMachine } from "./logged-machine.ts";
import { mayInvoke } from "./machine.ts";
import { redeployName, stateMachineName, undoName } from "./names.ts";
import type { Plan } from "./plan/schema.ts";
import { mayHold } from "./redeploy.ts";
import { serviceHere } from "./roles.ts";
import type { KindFunctions } from "./steps.ts";
import { type CompiledWorkflow, compileWorkflow } from "./workflow/compile.ts";
import type { Bindings } from "./workflow/context.ts";
import { compileRedeploy } from "./workflow/redeploy/machine.ts";
import { compileUndo } from "./workflow/undo.ts";

/** The plan's state machine, and the one that takes its rollbacks back; both point at published versions. */
export function addStateMachine(
  scope: Construct,
  plan: Plan,
  /** `approval`: asks the approvers of a plan that names some. */
  handlers: Handlers["published"] & {
    approval: PublishedFunction | undefined;
    /** Keeps the ramp of a plan that has one. */
    redeploy: PublishedFunction | undefined;
  },
  kinds: KindFunctions,
  planned: { preflight: PublishedFunction; expected: ExpectedPermission[] },
  { escalation, hold }: { escalation?: StateMachine | undefined; hold?: StateMachine | undefined },
): { machine: StateMachine; redeploy: StateMachine | undefined; workflow: CompiledWorkflow } {
  const { partition } = Stack.of(scope);
  const bindings: Bindings = {
    handlers: present(mapped(handlers, (made) => made?.versionArn)),
    actions: mapped(kinds.actions, ({ read, write }) => ({ read: read.versionArn, write: write.versionArn })),
    checks: mapped(kinds.checks, ({ versionArn }) => versionArn),
    partition,
    planned: { preflight: planned.preflight.versionArn, expected: planned.expected },
    ...(escalation ? { escalation: escalation.stateMachineArn } : {}),
    ...(hold ? { hold: hold.stateMachineArn } : {}),
  };
  const workflow = compileWorkflow(plan, undefined, bindings);
  const role = new Role(scope, "StateMachineRole", {
    assumedBy: serviceHere(scope, "states"),
    description: `Runs the rollback of ${plan.service}`,
  });
  const functions: PublishedFunction[] = [
    ...Object.values(handlers).filter((made) => made !== undefined),
    ...Object.values(kinds.actions).flatMap(({ read, write }) => [read, write]),
    ...Object.values(kinds.checks),
    planned.preflight,
  ];
  mayInvoke(role, functions);
  escalation?.grantStartExecution(role);
  const machine = loggedMachine(scope, "Rollback", {
    name: stateMachineName(plan.service),
    definition: workflow.definition,
    role,
  });
  loggedMachine(scope, "Undo", {
    name: undoName(plan.service),
    definition: compileUndo(plan, bindings),
    role,
  });
  if (!hold) return { machine, redeploy: undefined, workflow };
  mayHold(scope, plan.service, role, hold);
  const redeploy = loggedMachine(scope, "Redeploy", {
    name: redeployName(plan.service),
    definition: compileRedeploy(plan, bindings),
    role,
  });
  return { machine, redeploy, workflow };
}

/** Without the handlers that this plan does not need. */
const present = (handlers: Record<string, string | undefined>) =>
  Object.fromEntries(
    Object.entries(handlers).filter(([, arn]) => arn !== undefined),
  ) as unknown as Bindings["handlers"];

const mapped = <Key extends string, From, To>(given: Record<Key, From>, map: (value: From) => To) =>
  Object.fromEntries(Object.entries<From>(given).map(([key, value]) => [key, map(value)])) as Record<Key, To>;
