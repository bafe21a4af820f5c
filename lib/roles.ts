import { Stack } from "aws-cdk-lib";
import { Effect, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { ArnBuilder, Permission } from "../lambdas/runtime/spec.ts";

/** Deletes that no role of the watchdog may make, whatever else it is given (DESIGN idea 3). */
const NEVER = [
  "rds:Delete*",
  "rds:StopDBInstance",
  "secretsmanager:DeleteSecret",
  "route53:DeleteHostedZone",
  "s3:DeleteBucket",
  "s3:DeleteObject",
  "s3:DeleteObjectVersion",
  "dynamodb:DeleteTable",
  "dynamodb:DeleteItem",
  "sns:DeleteTopic",
  "states:DeleteStateMachine",
];

/** ARNs of the stack's own partition, region and account. */
export function arnBuilder(scope: Construct): ArnBuilder {
  const { partition, region, account } = Stack.of(scope);
  return {
    partition,
    region,
    account,
    of: (service, resource, options = {}) =>
      `arn:${partition}:${service}:${options.region ?? region}:${options.account ?? account}:${resource}`,
  };
}

/** A role for functions: named resources, traces, and an explicit Deny on every delete. */
export function functionRole(
  scope: Construct,
  id: string,
  description: string,
  permissions: Permission[],
  inVpc = false,
): Role {
  const role = new Role(scope, id, { assumedBy: new ServicePrincipal("lambda.amazonaws.com"), description });
  if (inVpc)
    role.addManagedPolicy(
      ManagedPolicy.fromAwsManagedPolicyName("service-role/AWSLambdaVPCAccessExecutionRole"),
    );
  for (const { actions, resources, conditions } of merged(permissions))
    role.addToPolicy(new PolicyStatement({ actions, resources, ...(conditions ? { conditions } : {}) }));
  role.addToPolicy(new PolicyStatement({ effect: Effect.DENY, actions: NEVER, resources: ["*"] }));
  return role;
}

/** The same statement twice is one. */
function merged(permissions: Permission[]): Permission[] {
  return [...new Map(permissions.map((each) => [JSON.stringify(each), each])).values()];
}
