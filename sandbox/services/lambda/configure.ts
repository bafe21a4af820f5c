import { randomUUID } from "node:crypto";
import type {
  CreateFunctionCommandInput,
  UpdateFunctionConfigurationCommandInput,
} from "@aws-sdk/client-lambda";
import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { iamState } from "../iam/state.ts";
import type { Revision } from "./state.ts";

/** How long making or changing a function takes until it is Active, sandbox milliseconds. */
export const CHANGE_MILLISECONDS = 1000;
/** Largest environment, bytes (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
const MAX_ENVIRONMENT_BYTES = 4096;
/** Names the service sets itself. */
const RESERVED_VARIABLES = new Set([
  "_HANDLER",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "LAMBDA_RUNTIME_DIR",
  "LAMBDA_TASK_ROOT",
]);

type Settings = CreateFunctionCommandInput | UpdateFunctionConfigurationCommandInput;

/** What the caller set, checked; members it left out are left out here. */
export function settingsOf(world: World, functionName: string, input: Settings): Partial<Revision> {
  const { Timeout, MemorySize, Runtime, Handler, Role, LoggingConfig } = input;
  within("timeout", Timeout, 1, 900);
  within("memorySize", MemorySize, 128, 10_240);
  if (Runtime !== undefined && !/^nodejs\d+\.x$/.test(Runtime))
    throw new ServiceException(
      "InvalidParameterValueException",
      `The sandbox runs Node.js functions only, not ${Runtime}. Nothing was changed. Run ${functionName} against AWS.`,
    );
  if (Role !== undefined) checkRole(world, Role);
  const variables = input.Environment?.Variables;
  if (variables) checkVariables(variables);
  const defined: Partial<Revision> = {
    description: input.Description,
    runtime: Runtime,
    handler: Handler,
    role: Role,
    timeout: Timeout,
    memorySize: MemorySize,
    variables: variables ? { ...variables } : undefined,
    tracing: input.TracingConfig?.Mode,
    ephemeralStorage: input.EphemeralStorage?.Size,
    deadLetterArn: input.DeadLetterConfig ? input.DeadLetterConfig.TargetArn || undefined : undefined,
    vpc: input.VpcConfig,
    snapStart: input.SnapStart?.ApplyOn,
    layers: input.Layers,
    logging: LoggingConfig
      ? {
          ...LoggingConfig,
          LogFormat: LoggingConfig.LogFormat ?? "Text",
          LogGroup: LoggingConfig.LogGroup ?? `/aws/lambda/${functionName}`,
        }
      : undefined,
  };
  return Object.fromEntries(Object.entries(defined).filter(([, value]) => value !== undefined));
}

/** A first revision: Lambda's defaults, then what was set. */
export function newRevision(world: World, functionName: string, settings: Partial<Revision>): Revision {
  const now = world.clock.now();
  return {
    version: "$LATEST",
    revisionId: randomUUID(),
    description: "",
    runtime: "",
    handler: "",
    role: "",
    timeout: 3,
    memorySize: 128,
    variables: {},
    codeFolder: "",
    codeSha256: "",
    codeSize: 0,
    lastModified: now,
    readyAt: now + CHANGE_MILLISECONDS,
    change: "create",
    tracing: "PassThrough",
    logging: { LogFormat: "Text", LogGroup: `/aws/lambda/${functionName}` },
    architectures: ["x86_64"],
    ephemeralStorage: 512,
    deadLetterArn: undefined,
    vpc: undefined,
    snapStart: "None",
    layers: [],
    ...settings,
  };
}

/** A changed `$LATEST`. */
export function changed(world: World, before: Revision, settings: Partial<Revision>): Revision {
  const now = world.clock.now();
  return {
    ...before,
    ...settings,
    revisionId: randomUUID(),
    lastModified: now,
    readyAt: now + CHANGE_MILLISECONDS,
    change: "update",
  };
}

function within(name: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (value >= least && value <= most)) return;
  const [word, bound] = value < least ? ["greater", least] : ["less", most];
  throw new ServiceException(
    "ValidationException",
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must have value ${word} than or equal to ${bound}`,
  );
}

function checkVariables(variables: Record<string, string>): void {
  const reserved = Object.keys(variables).filter((name) => RESERVED_VARIABLES.has(name));
  if (reserved.length > 0)
    throw new ServiceException(
      "InvalidParameterValueException",
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`,
    );
  const size = Buffer.byteLength(JSON.stringify(variables));
  if (size > MAX_ENVIRONMENT_BYTES)
    throw new ServiceException(
      "InvalidParameterValueException",
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${JSON.stringify(variables)}`,
    );
}

/** The role must exist and let Lambda assume it. */
function checkRole(world: World, roleArn: string): void {
  if (!world.services.has("iam")) return;
  const role = iamState(world).roles.get(roleArn.split("/").at(-1) ?? "");
  const trusted = [role?.trust.Statement ?? []]
    .flat()
    .some(
      ({ Effect, Principal }) =>
        Effect === "Allow" &&
        typeof Principal === "object" &&
        [Principal["Service"] ?? []].flat().includes("lambda.amazonaws.com"),
    );
  if (!trusted)
    throw new ServiceException(
      "InvalidParameterValueException",
      "The role defined for the function cannot be assumed by Lambda.",
    );
}
