import { Stack } from "aws-cdk-lib";
import { Effect, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { ArnBuilder, Permission } from "../lambdas/runtime/spec.ts";
import { documentArn } from "./documents/index.ts";
import { throughKeys } from "./keys.ts";

/**
 * Deletes that no function's role may make, whatever else it is given (DESIGN idea 3, invariant 4). One role of a plan
 * that is practised deletes what the practice made itself; no function runs under it (lib/practice-cleaner.ts).
 */
export const NEVER = [
  "appconfig:Delete*",
  "application-autoscaling:Delete*",
  "application-autoscaling:DeregisterScalableTarget",
  "aps:Delete*",
  "arc-region-switch:DeletePlan",
  "cloudfront:DeleteDistribution",
  "cloudwatch:DeleteAlarms",
  "codebuild:Delete*",
  "codepipeline:Delete*",
  "dynamodb:DeleteBackup",
  "dynamodb:DeleteItem",
  "dynamodb:DeleteTable",
  "dynamodb:PartiQLDelete",
  "ec2:DeleteSecurityGroup",
  "ec2:DeleteSnapshot",
  "ec2:DeleteVolume",
  "ec2:TerminateInstances",
  "ecr:BatchDeleteImage",
  "ecr:Delete*",
  "ecs:Delete*",
  "ecs:DeregisterTaskDefinition",
  "eks:Delete*",
  "elasticloadbalancing:Delete*",
  "kms:DisableKey",
  "kms:ScheduleKeyDeletion",
  "lambda:DeleteAlias",
  "lambda:DeleteFunction",
  "logs:DeleteLogGroup",
  "logs:DeleteLogStream",
  "rds:Delete*",
  "rds:StopDBCluster",
  "rds:StopDBInstance",
  "route53-recovery-control-config:Delete*",
  "route53:DeleteHealthCheck",
  "route53:DeleteHostedZone",
  "s3:DeleteBucket*",
  "s3:DeleteObject*",
  "s3:PutLifecycleConfiguration",
  "secretsmanager:DeleteSecret",
  "sns:DeleteTopic",
  "sqs:DeleteQueue",
  "sqs:PurgeQueue",
  "ssm:DeleteDocument",
  "ssm:DeleteParameter*",
  "states:DeleteStateMachine",
];

/** What Lambda itself does with a function's role to put the function into a VPC. None of it knows resources. */
const NETWORK_INTERFACES = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcs",
  "ec2:UnassignPrivateIpAddresses",
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
    document: (name) => documentArn(scope, name),
  };
}

/**
 * An AWS service that may take a role on, for something of this account alone: another account's state machine or rule
 * that names the role is no reason to.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export const serviceHere = (scope: Construct, name: "states" | "events" | "scheduler"): ServicePrincipal =>
  new ServicePrincipal(`${name}.amazonaws.com`, {
    conditions: { StringEquals: { "aws:SourceAccount": Stack.of(scope).account } },
  });

/** A role for functions: named resources, traces, and an explicit Deny on every delete. */
export function functionRole(
  scope: Construct,
  id: string,
  given: {
    description: string;
    permissions: Permission[];
    /** ARNs of the customer managed keys of the plan: used where the permissions lead to what they encrypt. */
    keys?: string[];
    /** True: a function of this role runs in the plan's VPC. */
    inVpc?: boolean;
  },
): Role {
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    description: given.description,
  });
  const { permissions, keys = [] } = given;
  permit(role, ...permissions, ...throughKeys(permissions, keys, Stack.of(scope).region));
  if (given.inVpc) {
    role.addToPolicy(new PolicyStatement({ actions: NETWORK_INTERFACES, resources: ["*"] }));
    // Lambda needs them; the code in the function does not. Calls of the code carry the function's ARN.
    role.addToPolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        actions: NETWORK_INTERFACES,
        resources: ["*"],
        conditions: { ArnLike: { "lambda:SourceFunctionArn": arnBuilder(scope).of("lambda", "function:*") } },
      }),
    );
  }
  role.addToPolicy(new PolicyStatement({ effect: Effect.DENY, actions: NEVER, resources: ["*"] }));
  return role;
}

/** Gives a role more, a statement for each permission. */
export function permit(role: Role, ...permissions: Permission[]): void {
  for (const { actions, resources, conditions } of merged(permissions))
    role.addToPolicy(new PolicyStatement({ actions, resources, ...(conditions ? { conditions } : {}) }));
}

/** The same statement twice is one. */
function merged(permissions: Permission[]): Permission[] {
  return [...new Map(permissions.map((each) => [JSON.stringify(each), each])).values()];
}
