import type {
  ListFunctionUrlConfigsCommandInput,
  ListFunctionUrlConfigsCommandOutput,
} from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { onFunction } from "./authorize.ts";
import { functionNamed } from "./lookup.ts";
import { urlAnswer } from "./urls.ts";

/** Lists a function's URLs: its own and those of its aliases. */
export const ListFunctionUrlConfigs = operation<
  ListFunctionUrlConfigsCommandInput,
  Omit<ListFunctionUrlConfigsCommandOutput, "$metadata">
>({
  authorize: onFunction("ListFunctionUrlConfigs"),
  run: (input, { world }) => {
    const of = functionNamed(world, input.FunctionName);
    return { FunctionUrlConfigs: [...of.urls].map(([key, url]) => urlAnswer(of, key, url)) };
  },
});
