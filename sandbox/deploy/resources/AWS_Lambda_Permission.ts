import { boolean, defined, resourceType } from "../resource.ts";

/** One statement of a function's policy. */
export const lambdaPermission = resourceType({
  uses: [
    "Action",
    "FunctionName",
    "Principal",
    "SourceArn",
    "SourceAccount",
    "EventSourceToken",
    "FunctionUrlAuthType",
    "InvokedViaFunctionUrl",
    "PrincipalOrgID",
  ],
  create: async (properties, context) => {
    const StatementId = context.physicalName(100);
    const InvokedViaFunctionUrl = boolean(properties["InvokedViaFunctionUrl"]);
    await context.call(
      "lambda",
      "AddPermission",
      defined({ ...properties, InvokedViaFunctionUrl, StatementId }),
    );
    return { physicalId: StatementId, attributes: { Id: StatementId } };
  },
  delete: async ({ physicalId: StatementId }, { call }, { FunctionName }) => {
    await call("lambda", "RemovePermission", { FunctionName, StatementId }).catch(
      (error: { code?: string }) => {
        // Its function went with the stack before it.
        if (error.code !== "ResourceNotFoundException") throw error;
      },
    );
  },
});
