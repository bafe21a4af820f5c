import { pathToFileURL } from "node:url";
import type { GetFunctionCommandInput, GetFunctionCommandOutput } from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { configurationOf } from "./answer.ts";
import { onFunction } from "./authorize.ts";
import { functionNamed, referenceOf, revisionOf } from "./lookup.ts";

/** Answers a version's configuration, where its code is, and its tags. */
export const GetFunction = operation<GetFunctionCommandInput, Omit<GetFunctionCommandOutput, "$metadata">>({
  authorize: onFunction("GetFunction"),
  run: (input, { world }) => {
    const of = functionNamed(world, input.FunctionName);
    const { qualifier } = referenceOf(input.FunctionName, input.Qualifier);
    const revision = revisionOf(of, qualifier);
    return {
      Configuration: configurationOf(world, of, revision, qualifier),
      Code: { RepositoryType: "S3", Location: pathToFileURL(revision.codeFolder).href },
      ...(Object.keys(of.tags).length > 0 ? { Tags: { ...of.tags } } : {}),
      ...(of.reservedConcurrency === undefined
        ? {}
        : { Concurrency: { ReservedConcurrentExecutions: of.reservedConcurrency } }),
    };
  },
});
