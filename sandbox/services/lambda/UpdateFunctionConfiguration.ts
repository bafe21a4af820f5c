import type {
  UpdateFunctionConfigurationCommandInput,
  UpdateFunctionConfigurationCommandOutput,
} from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { configurationOf } from "./answer.ts";
import { onFunction } from "./authorize.ts";
import { changed, settingsOf } from "./configure.ts";
import { checkRevision, functionNamed, refuseWhileChanging } from "./lookup.ts";
import { retireOutdated } from "./retire.ts";

/** Changes the settings of `$LATEST`; published versions stay as they are. */
export const UpdateFunctionConfiguration = operation<
  UpdateFunctionConfigurationCommandInput,
  Omit<UpdateFunctionConfigurationCommandOutput, "$metadata">
>({
  authorize: onFunction("UpdateFunctionConfiguration"),
  run: (input, { world }) => {
    const of = functionNamed(world, input.FunctionName);
    refuseWhileChanging(world, of);
    checkRevision(input.RevisionId, of.latest.revisionId);
    of.latest = changed(world, of.latest, settingsOf(world, of.name, input));
    retireOutdated(world);
    return configurationOf(world, of, of.latest);
  },
});
