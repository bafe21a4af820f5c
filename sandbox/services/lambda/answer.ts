import type { AliasConfiguration, FunctionConfiguration } from "@aws-sdk/client-lambda";
import type { World } from "../../world.ts";
import type { Alias, LambdaFunction, Revision } from "./state.ts";

/** A version's configuration as every operation answers it. */
export function configurationOf(
  world: World,
  of: LambdaFunction,
  revision: Revision,
  qualifier?: string,
): FunctionConfiguration {
  const pending = revision.readyAt > world.clock.now();
  const creating = pending && revision.change === "create";
  return {
    FunctionName: of.name,
    FunctionArn: qualifier ? `${of.arn}:${qualifier}` : of.arn,
    Runtime: revision.runtime as never,
    Role: revision.role,
    Handler: revision.handler,
    CodeSize: revision.codeSize,
    Description: revision.description,
    Timeout: revision.timeout,
    MemorySize: revision.memorySize,
    LastModified: new Date(revision.lastModified).toISOString().replace("Z", "+0000"),
    CodeSha256: revision.codeSha256,
    Version: revision.version,
    ...(Object.keys(revision.variables).length > 0
      ? { Environment: { Variables: { ...revision.variables } } }
      : {}),
    ...(revision.deadLetterArn ? { DeadLetterConfig: { TargetArn: revision.deadLetterArn } } : {}),
    ...(revision.vpc ? { VpcConfig: revision.vpc } : {}),
    ...(revision.layers.length > 0 ? { Layers: revision.layers.map((Arn) => ({ Arn })) } : {}),
    TracingConfig: { Mode: revision.tracing },
    RevisionId: revision.revisionId,
    State: creating ? "Pending" : "Active",
    ...(creating
      ? { StateReason: "The function is being created.", StateReasonCode: "Creating" as const }
      : {}),
    LastUpdateStatus: pending && !creating ? "InProgress" : "Successful",
    ...(pending && !creating
      ? {
          LastUpdateStatusReason: "The function is being updated.",
          LastUpdateStatusReasonCode: "Updating" as never,
        }
      : {}),
    PackageType: "Zip",
    Architectures: revision.architectures,
    EphemeralStorage: { Size: revision.ephemeralStorage },
    SnapStart: { ApplyOn: revision.snapStart ?? "None", OptimizationStatus: "Off" },
    LoggingConfig: revision.logging,
  };
}

export function aliasAnswer(of: LambdaFunction, alias: Alias): AliasConfiguration {
  return {
    AliasArn: `${of.arn}:${alias.name}`,
    Name: alias.name,
    FunctionVersion: alias.version,
    Description: alias.description,
    ...(alias.routing && Object.keys(alias.routing.AdditionalVersionWeights ?? {}).length > 0
      ? { RoutingConfig: alias.routing }
      : {}),
    RevisionId: alias.revisionId,
  };
}
