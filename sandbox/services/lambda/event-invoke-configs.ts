import type {
  FunctionEventInvokeConfig,
  PutFunctionEventInvokeConfigCommandInput,
} from "@aws-sdk/client-lambda";
import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { functionNamed, referenceOf, revisionOf } from "./lookup.ts";
import type { EventInvokeConfig, LambdaFunction } from "./state.ts";

type Named = Pick<PutFunctionEventInvokeConfigCommandInput, "FunctionName" | "Qualifier">;

/** The function and qualifier a configuration belongs to; both must exist. */
export function targetOf(world: World, input: Named): { of: LambdaFunction; qualifier: string } {
  const of = functionNamed(world, input.FunctionName);
  const qualifier = referenceOf(input.FunctionName, input.Qualifier).qualifier ?? "$LATEST";
  revisionOf(of, qualifier);
  return { of, qualifier };
}

export function configNamed(of: LambdaFunction, qualifier: string): EventInvokeConfig {
  const found = of.eventInvokeConfigs.get(qualifier);
  if (!found)
    throw new ServiceException(
      "ResourceNotFoundException",
      `The function ${of.arn}:${qualifier} doesn't have an EventInvokeConfig`,
      { status: 404, members: { Type: "User" } },
    );
  return found;
}

/** Sets what was given; `base` keeps the rest. */
export function setConfig(
  world: World,
  of: LambdaFunction,
  qualifier: string,
  input: PutFunctionEventInvokeConfigCommandInput,
  base?: EventInvokeConfig,
): FunctionEventInvokeConfig {
  const { MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: age } = input;
  if (retries !== undefined && (retries < 0 || retries > 2))
    throw outOfRange("maximumRetryAttempts", retries, 0, 2);
  if (age !== undefined && (age < 60 || age > 21_600))
    throw outOfRange("maximumEventAgeInSeconds", age, 60, 21_600);
  const config: EventInvokeConfig = {
    maximumRetryAttempts: retries ?? base?.maximumRetryAttempts,
    maximumEventAgeSeconds: age ?? base?.maximumEventAgeSeconds,
    destinations: input.DestinationConfig ?? base?.destinations ?? { OnSuccess: {}, OnFailure: {} },
    lastModified: world.clock.now(),
  };
  of.eventInvokeConfigs.set(qualifier, config);
  return configAnswer(of, qualifier, config);
}

export function configAnswer(
  of: LambdaFunction,
  qualifier: string,
  config: EventInvokeConfig,
): FunctionEventInvokeConfig {
  return {
    FunctionArn: `${of.arn}:${qualifier}`,
    LastModified: new Date(config.lastModified),
    ...(config.maximumRetryAttempts === undefined
      ? {}
      : { MaximumRetryAttempts: config.maximumRetryAttempts }),
    ...(config.maximumEventAgeSeconds === undefined
      ? {}
      : { MaximumEventAgeInSeconds: config.maximumEventAgeSeconds }),
    DestinationConfig: { OnSuccess: {}, OnFailure: {}, ...config.destinations },
  };
}

function outOfRange(name: string, value: number, least: number, most: number): ServiceException {
  const [word, bound] = value < least ? ["greater", least] : ["less", most];
  return new ServiceException(
    "ValidationException",
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must have value ${word} than or equal to ${bound}`,
  );
}
