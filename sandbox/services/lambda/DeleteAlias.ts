import type { DeleteAliasCommandInput, DeleteAliasCommandOutput } from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { onFunction } from "./authorize.ts";
import { functionNamed } from "./lookup.ts";

/** Deletes an alias; the versions stay. */
export const DeleteAlias = operation<DeleteAliasCommandInput, Omit<DeleteAliasCommandOutput, "$metadata">>({
  authorize: onFunction("DeleteAlias"),
  run: (input, { world }) => {
    functionNamed(world, input.FunctionName).aliases.delete(input.Name ?? "");
    return {};
  },
});
