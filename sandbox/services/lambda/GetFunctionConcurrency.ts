import type {
  GetFunctionConcurrencyCommandInput,
  GetFunctionConcurrencyCommandOutput,
} from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { onFunction } from "./authorize.ts";
import { functionNamed } from "./lookup.ts";

/** Answers the reserved concurrency. */
export const GetFunctionConcurrency = operation<
  GetFunctionConcurrencyCommandInput,
  Omit<GetFunctionConcurrencyCommandOutput, "$metadata">
>({
  authorize: onFunction("GetFunctionConcurrency"),
  run: (input, { world }) => {
    const { reservedConcurrency } = functionNamed(world, input.FunctionName);
    return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
  },
});
