import type {
  ListVersionsByFunctionCommandInput,
  ListVersionsByFunctionCommandOutput,
} from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { configurationOf } from "./answer.ts";
import { onFunction } from "./authorize.ts";
import { functionNamed } from "./lookup.ts";
import { page } from "./paging.ts";

/** Lists `$LATEST` and the published versions, oldest first. */
export const ListVersionsByFunction = operation<
  ListVersionsByFunctionCommandInput,
  Omit<ListVersionsByFunctionCommandOutput, "$metadata">
>({
  authorize: onFunction("ListVersionsByFunction"),
  run: (input, { world }) => {
    const of = functionNamed(world, input.FunctionName);
    const all = [of.latest, ...of.versions.values()].map((each) =>
      configurationOf(world, of, each, each.version),
    );
    const { items, ...next } = page(all, input);
    return { Versions: items, ...next };
  },
});
