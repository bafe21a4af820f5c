import type {
  PutFunctionConcurrencyCommandInput,
  PutFunctionConcurrencyCommandOutput,
} from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { onFunction } from "./authorize.ts";
import { functionNamed } from "./lookup.ts";

/** Reserves concurrency; 0 stops the function. */
export const PutFunctionConcurrency = operation<
  PutFunctionConcurrencyCommandInput,
  Omit<PutFunctionConcurrencyCommandOutput, "$metadata">
>({
  authorize: onFunction("PutFunctionConcurrency"),
  run: (input, { world }) => {
    const of = functionNamed(world, input.FunctionName);
    of.reservedConcurrency = input.ReservedConcurrentExecutions;
    return { ReservedConcurrentExecutions: of.reservedConcurrency };
  },
});
