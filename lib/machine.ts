import { CompositePrincipal, Effect, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import type { PublishedFunction } from "./functions.ts";
import { loggedMachine } from "./logged-machine.ts";
import { arnBuilder } from "./roles.ts";
import type { Machine } from "./workflow/asl.ts";

/** A state machine with a role of its own, which may invoke published versions of exactly these functions. */
export function machineOf(
  scope: Construct,
  id: string,
  given: {
    name: string;
    definition: Machine;
    functions: PublishedFunction[];
    /** What the machine is for, as its role's description. */
    description: string;
    /** True: a schedule starts it, under the same role. */
    scheduled?: boolean;
  },
): { machine: StateMachine; role: Role } {
  const role = new Role(scope, `${id}Role`, {
    assumedBy: given.scheduled
      ? new CompositePrincipal(
          new ServicePrincipal("states.amazonaws.com"),
          new ServicePrincipal("events.amazonaws.com"),
        )
      : new ServicePrincipal("states.amazonaws.com"),
    description: given.description,
  });
  // Every version, not just today's: a run under way during a deployment calls the versions it began with.
  for (const [effect, qualifier] of [
    [Effect.ALLOW, "*"],
    [Effect.DENY, "$LATEST"],
  ] as const)
    role.addToPolicy(
      new PolicyStatement({
        effect,
        actions: ["lambda:InvokeFunction"],
        resources: given.functions.map(({ functionArn }) => `${functionArn}:${qualifier}`),
      }),
    );
  if (given.scheduled)
    role.addToPolicy(
      new PolicyStatement({
        actions: ["states:StartExecution"],
        // By its name: the machine itself is made after its role.
        resources: [arnBuilder(scope).of("states", `stateMachine:${given.name}`)],
      }),
    );
  const machine = loggedMachine(scope, id, { name: given.name, definition: given.definition, role });
  return { machine, role };
}
