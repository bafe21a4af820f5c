import { randomUUID } from "node:crypto";
import type { UpdateAliasCommandInput, UpdateAliasCommandOutput } from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { aliasNamed, checkTarget } from "./aliases.ts";
import { aliasAnswer } from "./answer.ts";
import { onFunction } from "./authorize.ts";
import { checkRevision, functionNamed } from "./lookup.ts";

/** Points an alias at another version or changes its weights. */
export const UpdateAlias = operation<UpdateAliasCommandInput, Omit<UpdateAliasCommandOutput, "$metadata">>({
  authorize: onFunction("UpdateAlias"),
  run: (input, { world }) => {
    const of = functionNamed(world, input.FunctionName);
    const alias = aliasNamed(of, input.Name);
    checkRevision(input.RevisionId, alias.revisionId);
    const version = input.FunctionVersion ?? alias.version;
    const routing = input.RoutingConfig ?? alias.routing;
    checkTarget(of, version, routing);
    Object.assign(alias, {
      version,
      routing,
      description: input.Description ?? alias.description,
      revisionId: randomUUID(),
    });
    return aliasAnswer(of, alias);
  },
});
