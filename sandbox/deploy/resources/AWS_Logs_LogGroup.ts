import { number, type Properties, type ResourceContext, resourceType, tagRecord } from "../resource.ts";

async function retain(
  logGroupName: string,
  properties: Properties,
  { call }: ResourceContext,
): Promise<void> {
  const retentionInDays = number(properties["RetentionInDays"]);
  if (retentionInDays === undefined) await call("logs", "DeleteRetentionPolicy", { logGroupName });
  else await call("logs", "PutRetentionPolicy", { logGroupName, retentionInDays });
}

/** A log group with its retention. */
export const logsLogGroup = resourceType({
  uses: ["LogGroupName", "RetentionInDays", "KmsKeyId", "Tags"],
  records: ["LogGroupClass", "FieldIndexPolicies"],
  replacedBy: ["LogGroupName"],
  create: async (properties, context) => {
    const logGroupName = (properties["LogGroupName"] as string | undefined) ?? context.physicalName(512);
    await context.call("logs", "CreateLogGroup", {
      logGroupName,
      kmsKeyId: properties["KmsKeyId"],
      tags: tagRecord(properties["Tags"]),
    });
    await retain(logGroupName, properties, context);
    return {
      physicalId: logGroupName,
      attributes: { Arn: `${context.world.arn("logs", `log-group:${logGroupName}`)}:*` },
    };
  },
  update: async (properties, context, { made }) => {
    await retain(made.physicalId, properties, context);
    return made;
  },
  delete: async ({ physicalId: logGroupName }, { call }) => {
    await call("logs", "DeleteLogGroup", { logGroupName });
  },
});
