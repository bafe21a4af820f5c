import type {
  PutFunctionEventInvokeConfigCommandInput,
  PutFunctionEventInvokeConfigCommandOutput,
} from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { onFunction } from "./authorize.ts";
import { setConfig, targetOf } from "./event-invoke-configs.ts";

/** Sets retries and destinations of asynchronous invocations; what is not given goes back to the default. */
export const PutFunctionEventInvokeConfig = operation<
  PutFunctionEventInvokeConfigCommandInput,
  Omit<PutFunctionEventInvokeConfigCommandOutput, "$metadata">
>({
  authorize: onFunction("PutFunctionEventInvokeConfig"),
  run: (input, { world }) => {
    const { of, qualifier } = targetOf(world, input);
    return setConfig(world, of, qualifier, input);
  },
});
