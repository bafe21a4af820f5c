import { randomUUID } from "node:crypto";
import type { CreateAliasCommandInput, CreateAliasCommandOutput } from "@aws-sdk/client-lambda";
import { operation, ServiceException } from "../../service.ts";
import { checkTarget } from "./aliases.ts";
import { aliasAnswer } from "./answer.ts";
import { onFunction } from "./authorize.ts";
import { functionNamed } from "./lookup.ts";
import type { Alias } from "./state.ts";

/** Names a version, or two with weights. */
export const CreateAlias = operation<CreateAliasCommandInput, Omit<CreateAliasCommandOutput, "$metadata">>({
  authorize: onFunction("CreateAlias"),
  run: (input, { world }) => {
    const of = functionNamed(world, input.FunctionName);
    const name = input.Name ?? "";
    if (!/^(?!^[0-9]+$)[a-zA-Z0-9-_]{1,128}$/.test(name))
      throw new ServiceException(
        "ValidationException",
        `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)`,
      );
    if (of.aliases.has(name))
      throw new ServiceException("ResourceConflictException", `Alias already exists: ${of.arn}:${name}`, {
        status: 409,
        members: { Type: "User" },
      });
    checkTarget(of, input.FunctionVersion, input.RoutingConfig);
    const alias: Alias = {
      name,
      version: input.FunctionVersion!,
      description: input.Description ?? "",
      routing: input.RoutingConfig,
      revisionId: randomUUID(),
    };
    of.aliases.set(name, alias);
    return aliasAnswer(of, alias);
  },
});
