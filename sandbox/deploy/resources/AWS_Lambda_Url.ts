import { defined, type Properties, resourceType } from "../resource.ts";

const request = ({ TargetFunctionArn, Qualifier, AuthType, InvokeMode, Cors }: Properties) =>
  defined({ FunctionName: TargetFunctionArn, Qualifier, AuthType, InvokeMode, Cors });

/** An HTTPS address of a function. */
export const lambdaUrl = resourceType({
  uses: ["TargetFunctionArn", "Qualifier", "AuthType", "InvokeMode", "Cors"],
  replacedBy: ["TargetFunctionArn", "Qualifier"],
  create: async (properties, { call }) => {
    const { FunctionArn, FunctionUrl } = await call<{ FunctionArn: string; FunctionUrl: string }>(
      "lambda",
      "CreateFunctionUrlConfig",
      request(properties),
    );
    return { physicalId: FunctionArn, attributes: { FunctionArn, FunctionUrl } };
  },
  update: async (properties, { call }, { made }) => {
    await call("lambda", "UpdateFunctionUrlConfig", request(properties));
    return made;
  },
  delete: async (_, { call }, { TargetFunctionArn, Qualifier }) => {
    await call(
      "lambda",
      "DeleteFunctionUrlConfig",
      defined({ FunctionName: TargetFunctionArn, Qualifier }),
    ).catch((error: { code?: string }) => {
      // Its function went with the stack before it.
      if (error.code !== "ResourceNotFoundException") throw error;
    });
  },
});
