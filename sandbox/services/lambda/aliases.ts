import type { AliasRoutingConfiguration } from "@aws-sdk/client-lambda";
import { ServiceException } from "../../service.ts";
import { functionNotFound } from "./lookup.ts";
import type { Alias, LambdaFunction } from "./state.ts";

/** The alias of a function. */
export function aliasNamed(of: LambdaFunction, name: string | undefined): Alias {
  const found = of.aliases.get(name ?? "");
  if (!found)
    throw new ServiceException("ResourceNotFoundException", `Cannot find alias arn: ${of.arn}:${name}`, {
      status: 404,
      members: { Type: "User" },
    });
  return found;
}

/** An alias points at versions that exist; weights go to one other published version and are below one. */
export function checkTarget(
  of: LambdaFunction,
  version: string | undefined,
  routing: AliasRoutingConfiguration | undefined,
): void {
  const weights = Object.entries(routing?.AdditionalVersionWeights ?? {});
  if (weights.length > 1)
    throw invalid("Number of items in AdditionalVersionWeights cannot be greater than 1");
  for (const [other, weight] of weights) {
    if (weight < 0 || weight > 1)
      throw invalid(`Invalid function weight value. Please provide value between 0.0 and 1.0`);
    if (version === "$LATEST" || other === "$LATEST")
      throw invalid("$LATEST is not supported for an alias pointing to more than 1 version");
    if (other === version)
      throw invalid("Invalid function version. Function version should not match the additional version");
  }
  for (const each of [version ?? "", ...weights.map(([other]) => other)])
    if (each !== "$LATEST" && !of.versions.has(each)) throw functionNotFound(`${of.arn}:${each}`);
}

const invalid = (message: string) => new ServiceException("InvalidParameterValueException", message);
