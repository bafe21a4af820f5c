import type {
  UpdateFunctionUrlConfigCommandInput,
  UpdateFunctionUrlConfigCommandOutput,
} from "@aws-sdk/client-lambda";
import { operation } from "../../service.ts";
import { onFunction } from "./authorize.ts";
import { checkUrl, urlAnswer, urlNamed, urlTarget } from "./urls.ts";

/** Changes a URL's settings; its address stays. */
export const UpdateFunctionUrlConfig = operation<
  UpdateFunctionUrlConfigCommandInput,
  Omit<UpdateFunctionUrlConfigCommandOutput, "$metadata">
>({
  authorize: onFunction("UpdateFunctionUrlConfig"),
  run: (input, { world }) => {
    checkUrl(input);
    const { of, key } = urlTarget(world, input);
    const url = urlNamed(of, key);
    url.authType = input.AuthType ?? url.authType;
    url.lastModified = world.clock.now();
    return urlAnswer(of, key, url);
  },
});
