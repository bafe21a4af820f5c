import { CompositePrincipal, Effect, PolicyStatement, Role } from "aws-cdk-lib/aws-iam";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import type { PublishedFunction } from "./functions.ts";
import { loggedMachine } from "./logged-machine.ts";
import { arnBuilder, serviceHere } from "./roles.ts";
import type { Machine } from "./workflow/asl.ts";

/** Lets a state machine's role invoke published versions of exactly these functions. */
export function mayInvoke(role: Role, functions: PublishedFunction[]): void {
  // Every version, not just today's: a run under way during a deployment calls the versions it began with.
  for (const [effect, qualifier] of [
    [Effect.ALLOW, "*"],
    [Effect.DENY, "$LATEST"],
  ] as const)
    role.addToPolicy(
      new PolicyStatement({
        effect,
        actions: ["lambda:InvokeFunction"],
        resources: functions.map(({ functionArn }) => `${functionArn}:${qualifier}`),
      }),
    );
}

/**
 * The role of the machines that attend a rollback: rehearsal, escalation, follow-ups. One for all of them, and not the
 * rollback's own: it knows no function that applies anything.
 */
export const attendantRole = (scope: Construct, service: string): Role =>
  new Role(scope, "AttendantRole", {
    // Rules start the rehearsal and the ladder under the same role.
    assumedBy: new CompositePrincipal(serviceHere(scope, "states"), serviceHere(scope, "events")),
    description: `Rehearses, escalates and reminds for ${service}`,
  });

/** A logged state machine under a given role, which may then invoke published versions of exactly these functions. */
export function machineOf(
  scope: Construct,
  id: string,
  given: {
    name: string;
    definition: Machine;
    functions: PublishedFunction[];
    role: Role;
    /** True: a rule starts it, under the same role. */
    scheduled?: boolean;
  },
): StateMachine {
  const { name, definition, functions, role } = given;
  mayInvoke(role, functions);
  if (given.scheduled)
    role.addToPolicy(
      new PolicyStatement({
        actions: ["states:StartExecution"],
        // By its name: the machine itself is made after its role.
        resources: [arnBuilder(scope).of("states", `stateMachine:${name}`)],
      }),
    );
  return loggedMachine(scope, id, { name, definition, role });
}
