import type { DeleteFunctionCommandInput, DeleteFunctionCommandOutput } from "@aws-sdk/client-lambda";
import { operation, ServiceException } from "../../service.ts";
import { onFunction } from "./authorize.ts";
import { functionNamed, referenceOf, revisionOf } from "./lookup.ts";
import { retireOutdated } from "./retire.ts";
import { lambdaState } from "./state.ts";

/** Deletes a function, or one published version that no alias uses. */
export const DeleteFunction = operation<
  DeleteFunctionCommandInput,
  Omit<DeleteFunctionCommandOutput, "$metadata">
>({
  authorize: onFunction("DeleteFunction"),
  run: async (input, { world }) => {
    const of = functionNamed(world, input.FunctionName);
    const { qualifier } = referenceOf(input.FunctionName, input.Qualifier);
    if (qualifier === "$LATEST")
      throw new ServiceException(
        "InvalidParameterValueException",
        "$LATEST version cannot be deleted without deleting the function.",
      );
    if (qualifier) {
      revisionOf(of, qualifier);
      const using = [...of.aliases.values()].filter(
        (alias) =>
          alias.version === qualifier || qualifier in (alias.routing?.AdditionalVersionWeights ?? {}),
      );
      if (using.length > 0)
        throw new ServiceException(
          "ResourceConflictException",
          `Version ${qualifier} cannot be deleted because it is currently referenced by the following aliases: [${using.map((alias) => alias.name).join(", ")}]`,
          { status: 409, members: { Type: "User" } },
        );
      of.versions.delete(qualifier);
    } else {
      lambdaState(world).functions.delete(of.name);
      for (const { close } of of.urls.values()) await close();
    }
    retireOutdated(world);
    return {};
  },
});
