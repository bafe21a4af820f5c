import { resourceType } from "../resource.ts";

/** A published version; it never changes. */
export const lambdaVersion = resourceType({
  uses: ["FunctionName", "Description", "CodeSha256"],
  create: async (properties, { call }) => {
    const { FunctionArn, Version } = await call<{ FunctionArn: string; Version: string }>(
      "lambda",
      "PublishVersion",
      {
        FunctionName: properties["FunctionName"],
        Description: properties["Description"],
        CodeSha256: properties["CodeSha256"],
      },
    );
    return { physicalId: FunctionArn, attributes: { Version, FunctionArn } };
  },
  delete: async ({ physicalId: FunctionName }, { call }) => {
    await call("lambda", "DeleteFunction", { FunctionName }).catch((error: { code?: string }) => {
      // Its function went with the stack before it.
      if (error.code !== "ResourceNotFoundException") throw error;
    });
  },
});
