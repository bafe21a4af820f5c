import type { UpdateFunctionCodeCommandInput, UpdateFunctionCodeCommandOutput } from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { configurationOf } from "./answer.ts";
import { onFunction } from "./authorize.ts";
import { storeCode } from "./code.ts";
import { changed } from "./configure.ts";
import { checkRevision, functionNamed, refuseWhileChanging } from "./lookup.ts";
import { publish } from "./publish.ts";
import { retireOutdated } from "./retire.ts";

/** Replaces the code of `$LATEST`; published versions stay as they are. */
export const UpdateFunctionCode = operation<
  UpdateFunctionCodeCommandInput,
  Omit<UpdateFunctionCodeCommandOutput, "$metadata">
>({
  authorize: onFunction("UpdateFunctionCode"),
  run: async (input, { world }) => {
    const of = functionNamed(world, input.FunctionName);
    refuseWhileChanging(world, of);
    checkRevision(input.RevisionId, of.latest.revisionId);
    const code = await storeCode(world, input);
    const after = changed(world, of.latest, {
      codeFolder: code.folder,
      codeSha256: code.sha256,
      codeSize: code.size,
      ...(input.Architectures ? { architectures: input.Architectures } : {}),
    });
    if (input.DryRun) return configurationOf(world, of, after);
    of.latest = after;
    retireOutdated(world);
    if (input.Publish) {
      const version = publish(world, of);
      return configurationOf(world, of, version, version.version);
    }
    return configurationOf(world, of, of.latest);
  },
});
