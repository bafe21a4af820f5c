import type {
  UpdateFunctionEventInvokeConfigCommandInput,
  UpdateFunctionEventInvokeConfigCommandOutput,
} from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { onFunction } from "./authorize.ts";
import { configNamed, setConfig, targetOf } from "./event-invoke-configs.ts";

/** Changes retries and destinations of asynchronous invocations; what is not given stays. */
export const UpdateFunctionEventInvokeConfig = operation<
  UpdateFunctionEventInvokeConfigCommandInput,
  Omit<UpdateFunctionEventInvokeConfigCommandOutput, "$metadata">
>({
  authorize: onFunction("UpdateFunctionEventInvokeConfig"),
  run: (input, { world }) => {
    const { of, qualifier } = targetOf(world, input);
    return setConfig(world, of, qualifier, input, configNamed(of, qualifier));
  },
});
