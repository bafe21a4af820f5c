import { Effect, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import type { PublishedFunction } from "./functions.ts";
import { loggedMachine } from "./logged-machine.ts";
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
  },
): StateMachine {
  const role = new Role(scope, `${id}Role`, {
    assumedBy: new ServicePrincipal("states.amazonaws.com"),
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
  return loggedMachine(scope, id, { name: given.name, definition: given.definition, role });
}
