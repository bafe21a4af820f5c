import { defined, number, type Properties, type ResourceContext, resourceType } from "../resource.ts";

async function put(properties: Properties, { call }: ResourceContext): Promise<void> {
  await call("lambda", "PutFunctionEventInvokeConfig", {
    ...properties,
    ...defined({
      MaximumRetryAttempts: number(properties["MaximumRetryAttempts"]),
      MaximumEventAgeInSeconds: number(properties["MaximumEventAgeInSeconds"]),
    }),
  });
}

/** Retries and destinations of asynchronous invocations. */
export const lambdaEventInvokeConfig = resourceType({
  uses: [
    "FunctionName",
    "Qualifier",
    "MaximumRetryAttempts",
    "MaximumEventAgeInSeconds",
    "DestinationConfig",
  ],
  replacedBy: ["FunctionName", "Qualifier"],
  create: async (properties, context) => {
    await put(properties, context);
    return { physicalId: context.physicalName(100), attributes: {} };
  },
  update: async (properties, context, { made }) => {
    await put(properties, context);
    return made;
  },
  delete: async (_, { call }, { FunctionName, Qualifier }) => {
    await call("lambda", "DeleteFunctionEventInvokeConfig", { FunctionName, Qualifier });
  },
});
