import type {
  CreateFunctionUrlConfigCommandInput,
  CreateFunctionUrlConfigCommandOutput,
} from "@aws-sdk/client-lambda";
import { operation, ServiceException } from "../../service.ts";
import { onFunction } from "./authorize.ts";
import { checkUrl, openUrl, urlAnswer, urlTarget } from "./urls.ts";

/** Gives a function or an alias an HTTPS address of its own. */
export const CreateFunctionUrlConfig = operation<
  CreateFunctionUrlConfigCommandInput,
  Omit<CreateFunctionUrlConfigCommandOutput, "$metadata">
>({
  authorize: onFunction("CreateFunctionUrlConfig"),
  run: async (input, { world }) => {
    checkUrl(input);
    const { of, qualifier, key } = urlTarget(world, input);
    if (of.urls.has(key))
      throw new ServiceException(
        "ResourceConflictException",
        `Failed to create function url config for [functionArn = ${of.arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
        { status: 409, members: { Type: "User" } },
      );
    const made = await openUrl(world, of, qualifier, { authType: input.AuthType!, cors: input.Cors });
    of.urls.set(key, made);
    return urlAnswer(of, key, made);
  },
});
