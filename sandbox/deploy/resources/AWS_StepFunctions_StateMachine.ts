import { readFileSync } from "node:fs";
import { assetAt } from "../../services/lambda/code.ts";
import { camel } from "../case.ts";
import {
  boolean,
  defined,
  type Properties,
  type ResourceContext,
  resourceType,
  tagRecord,
} from "../resource.ts";

function settings(properties: Properties, context: ResourceContext): object {
  const logging = camel(properties["LoggingConfiguration"]) as { includeExecutionData?: unknown } | undefined;
  const tracing = properties["TracingConfiguration"] as { Enabled?: unknown } | undefined;
  return defined({
    definition: definition(properties, context),
    roleArn: properties["RoleArn"],
    loggingConfiguration: logging
      ? { ...logging, includeExecutionData: boolean(logging.includeExecutionData) ?? false }
      : undefined,
    tracingConfiguration: tracing ? { enabled: boolean(tracing.Enabled) } : undefined,
    encryptionConfiguration: camel(properties["EncryptionConfiguration"]),
  });
}

function definition(properties: Properties, { world }: ResourceContext): string {
  const substitutions = Object.entries(
    (properties["DefinitionSubstitutions"] ?? {}) as Record<string, unknown>,
  );
  const location = properties["DefinitionS3Location"] as { Bucket: string; Key: string } | undefined;
  let text: string;
  if (location) {
    const file = assetAt(world, location.Bucket, location.Key);
    if (!file)
      throw new Error(
        `DefinitionS3Location: no asset of the assembly is at s3://${location.Bucket}/${location.Key}`,
      );
    text = readFileSync(file, "utf8");
  } else
    text = (properties["DefinitionString"] as string | undefined) ?? JSON.stringify(properties["Definition"]);
  for (const [name, value] of substitutions) text = text.replaceAll(`\${${name}}`, String(value));
  return text;
}

async function revision(
  stateMachineArn: string,
  { call }: ResourceContext,
): Promise<Record<string, unknown>> {
  const { revisionId } = await call<{ revisionId?: string }>("states", "DescribeStateMachine", {
    stateMachineArn,
  });
  return { StateMachineRevisionId: revisionId };
}

/** A state machine. */
export const stepFunctionsStateMachine = resourceType({
  uses: [
    "StateMachineName",
    "DefinitionString",
    "Definition",
    "DefinitionS3Location",
    "DefinitionSubstitutions",
    "RoleArn",
    "StateMachineType",
    "LoggingConfiguration",
    "TracingConfiguration",
    "EncryptionConfiguration",
    "Tags",
  ],
  replacedBy: ["StateMachineName", "StateMachineType"],
  create: async (properties, context) => {
    const name = (properties["StateMachineName"] as string | undefined) ?? context.physicalName(80);
    const { stateMachineArn } = await context.call<{ stateMachineArn: string }>(
      "states",
      "CreateStateMachine",
      {
        name,
        type: properties["StateMachineType"] ?? "STANDARD",
        ...settings(properties, context),
        tags: Object.entries(tagRecord(properties["Tags"]) ?? {}).map(([key, value]) => ({ key, value })),
      },
    );
    return {
      physicalId: stateMachineArn,
      attributes: { Arn: stateMachineArn, Name: name, ...(await revision(stateMachineArn, context)) },
    };
  },
  update: async (properties, context, { made }) => {
    await context.call("states", "UpdateStateMachine", {
      stateMachineArn: made.physicalId,
      ...settings(properties, context),
    });
    return { ...made, attributes: { ...made.attributes, ...(await revision(made.physicalId, context)) } };
  },
  delete: async ({ physicalId: stateMachineArn }, { call }) => {
    await call("states", "DeleteStateMachine", { stateMachineArn });
  },
});
