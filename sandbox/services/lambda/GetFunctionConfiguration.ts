import type {
  GetFunctionConfigurationCommandInput,
  GetFunctionConfigurationCommandOutput,
} from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { configurationOf } from "./answer.ts";
import { onFunction } from "./authorize.ts";
import { functionNamed, referenceOf, revisionOf } from "./lookup.ts";

/** Answers a version's configuration. */
export const GetFunctionConfiguration = operation<
  GetFunctionConfigurationCommandInput,
  Omit<GetFunctionConfigurationCommandOutput, "$metadata">
>({
  authorize: onFunction("GetFunctionConfiguration"),
  run: (input, { world }) => {
    const of = functionNamed(world, input.FunctionName);
    const { qualifier } = referenceOf(input.FunctionName, input.Qualifier);
    return configurationOf(world, of, revisionOf(of, qualifier), qualifier);
  },
});
