import type { ListFunctionsCommandInput, ListFunctionsCommandOutput } from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { configurationOf } from "./answer.ts";
import { page } from "./paging.ts";
import { lambdaState } from "./state.ts";

/** Lists functions; with `FunctionVersion: ALL` their published versions too. */
export const ListFunctions = operation<
  ListFunctionsCommandInput,
  Omit<ListFunctionsCommandOutput, "$metadata">
>({
  authorize: () => [{ action: "lambda:ListFunctions", resources: ["*"] }],
  run: (input, { world }) => {
    const all = [...lambdaState(world).functions.values()].flatMap((of) => [
      configurationOf(world, of, of.latest, input.FunctionVersion === "ALL" ? "$LATEST" : undefined),
      ...(input.FunctionVersion === "ALL"
        ? [...of.versions.values()].map((each) => configurationOf(world, of, each, each.version))
        : []),
    ]);
    const { items, ...next } = page(all, input);
    return { Functions: items, ...next };
  },
});
