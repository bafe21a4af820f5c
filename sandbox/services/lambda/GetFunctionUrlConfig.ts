import type {
  GetFunctionUrlConfigCommandInput,
  GetFunctionUrlConfigCommandOutput,
} from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { onFunction } from "./authorize.ts";
import { urlAnswer, urlNamed, urlTarget } from "./urls.ts";

/** Answers a function's URL. */
export const GetFunctionUrlConfig = operation<
  GetFunctionUrlConfigCommandInput,
  Omit<GetFunctionUrlConfigCommandOutput, "$metadata">
>({
  authorize: onFunction("GetFunctionUrlConfig"),
  run: (input, { world }) => {
    const { of, key } = urlTarget(world, input);
    return urlAnswer(of, key, urlNamed(of, key));
  },
});
