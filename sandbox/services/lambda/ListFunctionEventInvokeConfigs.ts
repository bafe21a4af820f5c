import type {
  ListFunctionEventInvokeConfigsCommandInput,
  ListFunctionEventInvokeConfigsCommandOutput,
} from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { onFunction } from "./authorize.ts";
import { configAnswer } from "./event-invoke-configs.ts";
import { functionNamed } from "./lookup.ts";
import { page } from "./paging.ts";

/** Lists the configurations of all qualifiers of a function. */
export const ListFunctionEventInvokeConfigs = operation<
  ListFunctionEventInvokeConfigsCommandInput,
  Omit<ListFunctionEventInvokeConfigsCommandOutput, "$metadata">
>({
  authorize: onFunction("ListFunctionEventInvokeConfigs"),
  run: (input, { world }) => {
    const of = functionNamed(world, input.FunctionName);
    const all = [...of.eventInvokeConfigs].map(([qualifier, config]) => configAnswer(of, qualifier, config));
    const { items, ...next } = page(all, input);
    return { FunctionEventInvokeConfigs: items, ...next };
  },
});
