import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { ISecurityGroup, ISubnet, IVpc } from "aws-cdk-lib/aws-ec2";
import type { IRole } from "aws-cdk-lib/aws-iam";
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";

/** Where functions that open database connections run. */
export interface Network {
  vpc: IVpc;
  subnets: ISubnet[];
  securityGroups: ISecurityGroup[];
}

/** One function to make. */
export interface FunctionGiven {
  description: string;
  /** Name of its bundle: a handler's folder or a kind. */
  bundle: string;
  role: IRole;
  /** Seconds; no more than the Task that calls it waits, or two of them would run at once. */
  timeoutSeconds: number;
  environment?: Record<string, string>;
  /** Invocations at once, kept from the account's; as many as the account has, unless given. */
  reservedConcurrency?: number;
  network?: Network | undefined;
  /** Where events go that it was given to take in its own time and failed on; part of each published version. */
  deadLetters?: IQueue;
}

/** Makes the functions of one plan; nothing of them is shared with another. */
export class PlanFunctions {
  /** Every function made so far. */
  readonly all: LambdaFunction[] = [];
  readonly #scope: Construct;
  readonly #service: string;
  readonly #bundles: Record<string, { folder: string }>;
  readonly #environment: Record<string, string>;

  constructor(
    scope: Construct,
    service: string,
    bundles: Record<string, { folder: string }>,
    environment: Record<string, string>,
  ) {
    this.#scope = scope;
    this.#service = service;
    this.#bundles = bundles;
    this.#environment = environment;
  }

  /** A function with its own log group. */
  add(id: string, given: FunctionGiven): LambdaFunction {
    const bundle = this.#bundles[given.bundle];
    if (!bundle)
      throw new Error(
        `There is no bundle "${given.bundle}" for the function ${id} of ${this.#service}, only ${Object.keys(this.#bundles).join(", ")}. ` +
          "Nothing was synthesized. Give the construct all that buildBundles() made.",
      );
    const logGroup = new LogGroup(this.#scope, `${id}Log`, {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    logGroup.grantWrite(given.role);
    const { network } = given;
    const fn = new LambdaFunction(this.#scope, id, {
      description: `${this.#service}: ${given.description}`.slice(0, 256),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: "index.handler",
      code: Code.fromAsset(bundle.folder),
      role: given.role,
      timeout: Duration.seconds(given.timeoutSeconds),
      memorySize: 512,
      ...(given.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: given.reservedConcurrency }),
      tracing: Tracing.ACTIVE,
      logGroup,
      environment: {
        POWERTOOLS_SERVICE_NAME: this.#service,
        // Lambda's own file with the authorities of RDS; Node.js 20 and later load it only when told to.
        NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem",
        ...this.#environment,
        ...given.environment,
      },
      // A run that began before a deployment still calls the version it began with: old versions stay.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
      ...(given.deadLetters ? { deadLetterQueue: given.deadLetters } : {}),
      ...(network
        ? {
            vpc: network.vpc,
            vpcSubnets: { subnets: network.subnets },
            securityGroups: network.securityGroups,
          }
        : {}),
    });
    this.all.push(fn);
    return fn;
  }

  /** A function whose published version a state machine may point at: its ARN, and the function's. */
  publish(id: string, given: FunctionGiven): PublishedFunction {
    const fn = this.add(id, given);
    return {
      versionArn: fn.currentVersion.functionArn,
      functionArn: fn.functionArn,
      roleArn: given.role.roleArn,
    };
  }
}

export interface PublishedFunction {
  versionArn: string;
  functionArn: string;
  /** Under which it runs. */
  roleArn: string;
}
