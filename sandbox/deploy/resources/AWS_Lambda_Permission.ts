import { resourceType } from "../resource.ts";

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
    "PrincipalOrgID",
  ],
  create: async (properties, context) => {
    const StatementId = context.physicalName(100);
    await context.call("lambda", "AddPermission", { ...properties, StatementId });
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
