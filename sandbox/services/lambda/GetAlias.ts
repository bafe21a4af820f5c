import type { GetAliasCommandInput, GetAliasCommandOutput } from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { aliasNamed } from "./aliases.ts";
import { aliasAnswer } from "./answer.ts";
import { onFunction } from "./authorize.ts";
import { functionNamed } from "./lookup.ts";

/** Answers what an alias points at. */
export const GetAlias = operation<GetAliasCommandInput, Omit<GetAliasCommandOutput, "$metadata">>({
  authorize: onFunction("GetAlias"),
  run: (input, { world }) => {
    const of = functionNamed(world, input.FunctionName);
    return aliasAnswer(of, aliasNamed(of, input.Name));
  },
});
