import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import type { ISecurityGroup, ISubnet, IVpc } from "aws-cdk-lib/aws-ec2";
import type { IRole } from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  Runtime,
  Tracing,
  type Version,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";

/** Where functions that open database connections run. */
export interface Network {
  vpc: IVpc;
  subnets: ISubnet[];
  securityGroups: ISecurityGroup[];
}

/** Seconds every function of the state machine may run; the tasks that call them wait longer. */
export const FUNCTION_SECONDS = 120;

/** One function with its own log group and its published version, which is what state machines point at. */
export interface PublishedFunction {
  fn: LambdaFunction;
  version: Version;
}

/** Makes a function from a bundle. Nothing of it is shared with another plan. */
export function publishedFunction(
  scope: Construct,
  id: string,
  given: {
    description: string;
    bundle: string;
    role: IRole;
    environment: Record<string, string>;
    timeoutSeconds?: number;
    network?: Network | undefined;
  },
): PublishedFunction {
  const logGroup = new LogGroup(scope, `${id}Log`, {
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  logGroup.grantWrite(given.role);
  const fn = new LambdaFunction(scope, id, {
    description: given.description,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: "index.handler",
    code: Code.fromAsset(given.bundle),
    role: given.role,
    timeout: Duration.seconds(given.timeoutSeconds ?? FUNCTION_SECONDS),
    memorySize: 512,
    tracing: Tracing.ACTIVE,
    logGroup,
    environment: {
      POWERTOOLS_SERVICE_NAME: Stack.of(scope).stackName,
      // Lambda's own file with the authorities of RDS; Node.js 20 and later load it only when told to.
      NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem",
      ...given.environment,
    },
    ...(given.network
      ? {
          vpc: given.network.vpc,
          vpcSubnets: { subnets: given.network.subnets },
          securityGroups: given.network.securityGroups,
        }
      : {}),
  });
  return { fn, version: fn.currentVersion };
}
