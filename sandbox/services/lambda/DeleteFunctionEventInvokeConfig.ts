import type {
  DeleteFunctionEventInvokeConfigCommandInput,
  DeleteFunctionEventInvokeConfigCommandOutput,
} from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { onFunction } from "./authorize.ts";
import { configNamed, targetOf } from "./event-invoke-configs.ts";

/** Back to two retries, six hours and no destination. */
export const DeleteFunctionEventInvokeConfig = operation<
  DeleteFunctionEventInvokeConfigCommandInput,
  Omit<DeleteFunctionEventInvokeConfigCommandOutput, "$metadata">
>({
  authorize: onFunction("DeleteFunctionEventInvokeConfig"),
  run: (input, { world }) => {
    const { of, qualifier } = targetOf(world, input);
    configNamed(of, qualifier);
    of.eventInvokeConfigs.delete(qualifier);
    return {};
  },
});
