import type {
  GetFunctionEventInvokeConfigCommandInput,
  GetFunctionEventInvokeConfigCommandOutput,
} from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { onFunction } from "./authorize.ts";
import { configAnswer, configNamed, targetOf } from "./event-invoke-configs.ts";

/** Answers retries and destinations of asynchronous invocations. */
export const GetFunctionEventInvokeConfig = operation<
  GetFunctionEventInvokeConfigCommandInput,
  Omit<GetFunctionEventInvokeConfigCommandOutput, "$metadata">
>({
  authorize: onFunction("GetFunctionEventInvokeConfig"),
  run: (input, { world }) => {
    const { of, qualifier } = targetOf(world, input);
    return configAnswer(of, qualifier, configNamed(of, qualifier));
  },
});
