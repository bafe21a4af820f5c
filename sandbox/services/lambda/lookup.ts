import { randomInt } from "node:crypto";
import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { type LambdaFunction, lambdaState, type Revision } from "./state.ts";

/** A function as a caller names it: name, partial ARN or ARN, each with an optional qualifier. */
export interface FunctionReference {
  name: string;
  qualifier: string | undefined;
}

/** Reads `FunctionName` and `Qualifier` (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html). */
export function referenceOf(functionName: string | undefined, qualifier?: string): FunctionReference {
  const text = functionName ?? "";
  const match =
    /^(?:(?:arn:aws:lambda:[a-z0-9-]+:)?(?:\d{12}:)?function:)?([a-zA-Z0-9-_]{1,140})(?::(\$LATEST|[a-zA-Z0-9-_]+))?$/.exec(
      text,
    );
  if (!match)
    throw new ServiceException(
      "ValidationException",
      `1 validation error detected: Value '${text}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?`,
    );
  const inName = match[2];
  if (inName && qualifier && inName !== qualifier)
    throw new ServiceException(
      "InvalidParameterValueException",
      "The derived qualifier from the function name does not match the specified qualifier.",
    );
  return { name: match[1]!, qualifier: qualifier ?? inName };
}

/** The ARN a caller means, with its qualifier; the function need not exist. */
export function arnOf(world: World, functionName: string | undefined, qualifier?: string): string {
  const reference = referenceOf(functionName, qualifier);
  const arn = world.arn("lambda", `function:${reference.name}`);
  return reference.qualifier ? `${arn}:${reference.qualifier}` : arn;
}

/** ResourceNotFoundException with the ARN, as Lambda words it. */
export function functionNotFound(arn: string): ServiceException {
  return new ServiceException("ResourceNotFoundException", `Function not found: ${arn}`, {
    status: 404,
    members: { Type: "User" },
  });
}

/** The function itself. */
export function functionNamed(world: World, functionName: string | undefined): LambdaFunction {
  const { name } = referenceOf(functionName);
  const found = lambdaState(world).functions.get(name);
  if (!found) throw functionNotFound(world.arn("lambda", `function:${name}`));
  return found;
}

/** The version that a qualifier means; an alias with weights chooses one for each call. */
export function revisionOf(of: LambdaFunction, qualifier: string | undefined): Revision {
  if (!qualifier || qualifier === "$LATEST") return of.latest;
  const alias = of.aliases.get(qualifier);
  let version = alias?.version ?? qualifier;
  for (const [other, weight] of Object.entries(alias?.routing?.AdditionalVersionWeights ?? {})) {
    if (randomInt(1_000_000) < weight * 1_000_000) version = other;
  }
  const found = version === "$LATEST" ? of.latest : of.versions.get(version);
  if (!found) throw functionNotFound(`${of.arn}:${qualifier}`);
  return found;
}

/** Whether a function or update is still being made; Lambda refuses changes until it is done. */
export function refuseWhileChanging(world: World, of: LambdaFunction): void {
  if (of.latest.readyAt <= world.clock.now()) return;
  throw new ServiceException(
    "ResourceConflictException",
    of.latest.change === "create"
      ? "The operation cannot be performed at this time. The function is currently in the following state: Pending"
      : `The operation cannot be performed at this time. An update is in progress for resource: ${of.arn}`,
    { status: 409, members: { Type: "User" } },
  );
}

/** A change that names an older revision id is refused. */
export function checkRevision(given: string | undefined, current: string): void {
  if (given === undefined || given === current) return;
  throw new ServiceException(
    "PreconditionFailedException",
    "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
    { status: 412, members: { Type: "User" } },
  );
}
