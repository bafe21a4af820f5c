import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { putAsset } from "../../services/lambda/code.ts";
import { randomId, type World } from "../../world.ts";
import {
  defined,
  number,
  type Properties,
  type ResourceContext,
  resourceType,
  tagRecord,
} from "../resource.ts";

/** How often a function that is being made is looked at, sandbox milliseconds. */
const LOOK_MILLISECONDS = 200;

function settings(properties: Properties): object {
  const environment = properties["Environment"] as { Variables?: Record<string, unknown> } | undefined;
  const storage = properties["EphemeralStorage"] as { Size?: unknown } | undefined;
  const variables = Object.entries(environment?.Variables ?? {}).map(([name, value]) => [
    name,
    String(value),
  ]);
  return defined({
    Handler: properties["Handler"],
    Role: properties["Role"],
    Timeout: number(properties["Timeout"]),
    MemorySize: number(properties["MemorySize"]),
    Description: properties["Description"],
    Environment: environment
      ? { Variables: Object.fromEntries(variables) as Record<string, string> }
      : undefined,
    TracingConfig: properties["TracingConfig"],
    LoggingConfig: properties["LoggingConfig"],
    DeadLetterConfig: properties["DeadLetterConfig"],
    VpcConfig: properties["VpcConfig"],
    EphemeralStorage: storage ? { Size: number(storage.Size) } : undefined,
  });
}

/** `ZipFile` in a template is source text, not an archive. */
function code(world: World, given: unknown): object {
  const { ZipFile, ...rest } = (given ?? {}) as { ZipFile?: string };
  if (ZipFile === undefined) return rest;
  const folder = join(world.root, "inline", randomId(12));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "index.js"), ZipFile);
  putAsset(world, "cloudformation-inline", folder, folder);
  return { S3Bucket: "cloudformation-inline", S3Key: folder };
}

/** Waits until the function is Active and its last update is done. */
async function settled(FunctionName: string, context: ResourceContext): Promise<void> {
  for (;;) {
    const { State, LastUpdateStatus } = await context.call<{ State: string; LastUpdateStatus: string }>(
      "lambda",
      "GetFunctionConfiguration",
      { FunctionName },
    );
    if (State === "Active" && LastUpdateStatus === "Successful") return;
    await context.world.clock.sleep(LOOK_MILLISECONDS);
  }
}

async function reserve(
  FunctionName: string,
  properties: Properties,
  context: ResourceContext,
): Promise<void> {
  const reserved = number(properties["ReservedConcurrentExecutions"]);
  if (reserved === undefined) await context.call("lambda", "DeleteFunctionConcurrency", { FunctionName });
  else
    await context.call("lambda", "PutFunctionConcurrency", {
      FunctionName,
      ReservedConcurrentExecutions: reserved,
    });
}

/** A function of a zipped or bundled asset, or of inline code. */
export const lambdaFunction = resourceType({
  uses: [
    "FunctionName",
    "Code",
    "Handler",
    "Runtime",
    "Role",
    "Timeout",
    "MemorySize",
    "Environment",
    "Description",
    "TracingConfig",
    "LoggingConfig",
    "Architectures",
    "DeadLetterConfig",
    "VpcConfig",
    "EphemeralStorage",
    "ReservedConcurrentExecutions",
    "Tags",
    "PackageType",
  ],
  records: ["KmsKeyArn", "RuntimeManagementConfig", "RecursiveLoop", "SnapStart"],
  replacedBy: ["FunctionName", "PackageType"],
  create: async (properties, context) => {
    const FunctionName = (properties["FunctionName"] as string | undefined) ?? context.physicalName(64);
    const { FunctionArn } = await context.call<{ FunctionArn: string }>("lambda", "CreateFunction", {
      FunctionName,
      ...settings(properties),
      Runtime: properties["Runtime"],
      Code: code(context.world, properties["Code"]),
      Architectures: properties["Architectures"],
      Tags: tagRecord(properties["Tags"]),
    });
    await settled(FunctionName, context);
    await reserve(FunctionName, properties, context);
    return { physicalId: FunctionName, attributes: { Arn: FunctionArn } };
  },
  update: async (properties, context, { made, properties: before }) => {
    const FunctionName = made.physicalId;
    const { Code: codeBefore, ...restBefore } = before;
    const { Code, ...rest } = properties;
    if (!isDeepStrictEqual(Code, codeBefore)) {
      await context.call("lambda", "UpdateFunctionCode", {
        FunctionName,
        ...code(context.world, Code),
        Architectures: properties["Architectures"],
      });
      await settled(FunctionName, context);
    }
    if (!isDeepStrictEqual(rest, restBefore)) {
      await context.call("lambda", "UpdateFunctionConfiguration", {
        FunctionName,
        // What the template no longer says goes back to its default.
        Environment: { Variables: {} },
        Description: "",
        Timeout: 3,
        MemorySize: 128,
        ...settings(properties),
        Runtime: properties["Runtime"],
      });
      await settled(FunctionName, context);
    }
    await reserve(FunctionName, properties, context);
    return made;
  },
  delete: async ({ physicalId: FunctionName }, context) => {
    await context.call("lambda", "DeleteFunction", { FunctionName });
  },
});
