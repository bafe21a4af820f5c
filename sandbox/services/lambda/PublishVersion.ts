import type { PublishVersionCommandInput, PublishVersionCommandOutput } from "@aws-sdk/client-lambda";
import { operation, ServiceException } from "../../service.ts";
import { configurationOf } from "./answer.ts";
import { onFunction } from "./authorize.ts";
import { checkRevision, functionNamed, refuseWhileChanging } from "./lookup.ts";
import { publish } from "./publish.ts";

/** Freezes `$LATEST` as the next version. */
export const PublishVersion = operation<
  PublishVersionCommandInput,
  Omit<PublishVersionCommandOutput, "$metadata">
>({
  authorize: onFunction("PublishVersion"),
  run: (input, { world }) => {
    const of = functionNamed(world, input.FunctionName);
    refuseWhileChanging(world, of);
    checkRevision(input.RevisionId, of.latest.revisionId);
    if (input.CodeSha256 && input.CodeSha256 !== of.latest.codeSha256)
      throw new ServiceException(
        "InvalidParameterValueException",
        `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${of.latest.codeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
      );
    const version = publish(world, of, input.Description);
    return configurationOf(world, of, version, version.version);
  },
});
