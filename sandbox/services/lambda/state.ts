import type {
  AliasRoutingConfiguration,
  Cors,
  DestinationConfig,
  DurableConfig,
  FunctionUrlAuthType,
  LoggingConfig,
  SnapStart,
  VpcConfig,
} from "@aws-sdk/client-lambda";
import { stateOf } from "../../world.ts";

/** Code and configuration of `$LATEST` or of a published version; a published one never changes. */
export interface Revision {
  version: string;
  revisionId: string;
  description: string;
  runtime: string;
  handler: string;
  role: string;
  timeout: number;
  memorySize: number;
  variables: Record<string, string>;
  codeFolder: string;
  /** Base64, as CodeSha256. */
  codeSha256: string;
  codeSize: number;
  lastModified: number;
  /** From when on it is Active (or the last update is Successful), sandbox milliseconds. */
  readyAt: number;
  /** What `readyAt` waits for. */
  change: "create" | "update";
  tracing: "Active" | "PassThrough";
  logging: Required<Pick<LoggingConfig, "LogFormat" | "LogGroup">> & LoggingConfig;
  architectures: ("x86_64" | "arm64")[];
  ephemeralStorage: number;
  deadLetterArn: string | undefined;
  vpc: VpcConfig | undefined;
  snapStart: SnapStart["ApplyOn"];
  layers: string[];
  durable?: DurableConfig;
}

export interface Alias {
  name: string;
  version: string;
  description: string;
  routing: AliasRoutingConfiguration | undefined;
  revisionId: string;
}

/** Retries and destinations of asynchronous invocations of one qualifier. */
export interface EventInvokeConfig {
  maximumRetryAttempts: number | undefined;
  maximumEventAgeSeconds: number | undefined;
  destinations: DestinationConfig;
  lastModified: number;
}

export interface PolicyStatement {
  Sid: string;
  Effect: "Allow";
  Principal: Record<string, string> | "*";
  Action: string;
  Resource: string;
  Condition?: Record<string, Record<string, string>>;
}

export interface ResourcePolicy {
  revisionId: string;
  statements: PolicyStatement[];
}

export interface FunctionUrl {
  url: string;
  authType: FunctionUrlAuthType;
  cors: Cors | undefined;
  createdAt: number;
  lastModified: number;
  /** Stops its listener. */
  close(): Promise<void>;
}

export interface LambdaFunction {
  name: string;
  arn: string;
  latest: Revision;
  versions: Map<string, Revision>;
  nextVersion: number;
  aliases: Map<string, Alias>;
  /** By qualifier; `""` is the function itself. */
  policies: Map<string, ResourcePolicy>;
  /** By qualifier; `$LATEST` is the function itself. */
  eventInvokeConfigs: Map<string, EventInvokeConfig>;
  urls: Map<string, FunctionUrl>;
  reservedConcurrency: number | undefined;
  /** Invocations that run now. */
  running: number;
  tags: Record<string, string>;
}

/** Functions by name, in the order of creation. */
export const lambdaState = stateOf(() => ({ functions: new Map<string, LambdaFunction>() }));
