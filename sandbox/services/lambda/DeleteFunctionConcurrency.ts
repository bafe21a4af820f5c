import type {
  DeleteFunctionConcurrencyCommandInput,
  DeleteFunctionConcurrencyCommandOutput,
} from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { onFunction } from "./authorize.ts";
import { functionNamed } from "./lookup.ts";

/** Gives reserved concurrency back. */
export const DeleteFunctionConcurrency = operation<
  DeleteFunctionConcurrencyCommandInput,
  Omit<DeleteFunctionConcurrencyCommandOutput, "$metadata">
>({
  authorize: onFunction("DeleteFunctionConcurrency"),
  run: (input, { world }) => {
    functionNamed(world, input.FunctionName).reservedConcurrency = undefined;
    return {};
  },
});
