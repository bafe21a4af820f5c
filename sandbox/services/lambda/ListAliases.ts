import type { ListAliasesCommandInput, ListAliasesCommandOutput } from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { aliasAnswer } from "./answer.ts";
import { onFunction } from "./authorize.ts";
import { functionNamed } from "./lookup.ts";
import { page } from "./paging.ts";

/** Lists aliases, of one version where it is given. */
export const ListAliases = operation<ListAliasesCommandInput, Omit<ListAliasesCommandOutput, "$metadata">>({
  authorize: onFunction("ListAliases"),
  run: (input, { world }) => {
    const of = functionNamed(world, input.FunctionName);
    const all = [...of.aliases.values()]
      .filter(
        ({ version, routing }) =>
          !input.FunctionVersion ||
          version === input.FunctionVersion ||
          input.FunctionVersion in (routing?.AdditionalVersionWeights ?? {}),
      )
      .map((alias) => aliasAnswer(of, alias));
    const { items, ...next } = page(all, input);
    return { Aliases: items, ...next };
  },
});
