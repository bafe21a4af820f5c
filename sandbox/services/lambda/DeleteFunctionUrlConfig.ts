import type {
  DeleteFunctionUrlConfigCommandInput,
  DeleteFunctionUrlConfigCommandOutput,
} from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { onFunction } from "./authorize.ts";
import { urlNamed, urlTarget } from "./urls.ts";

/** Takes a function's URL away; its listener stops. */
export const DeleteFunctionUrlConfig = operation<
  DeleteFunctionUrlConfigCommandInput,
  Omit<DeleteFunctionUrlConfigCommandOutput, "$metadata">
>({
  authorize: onFunction("DeleteFunctionUrlConfig"),
  run: async (input, { world }) => {
    const { of, key } = urlTarget(world, input);
    await urlNamed(of, key).close();
    of.urls.delete(key);
    return {};
  },
});
