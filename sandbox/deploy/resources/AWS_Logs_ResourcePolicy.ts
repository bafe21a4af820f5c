import { policyText, resourceType } from "../resource.ts";

/** Lets AWS services write to log groups. */
export const logsResourcePolicy = resourceType({
  uses: ["PolicyName", "PolicyDocument"],
  replacedBy: ["PolicyName"],
  create: async (properties, { call }) => {
    await call("logs", "PutResourcePolicy", {
      policyName: properties["PolicyName"],
      policyDocument: policyText(properties["PolicyDocument"]),
    });
    return { physicalId: properties["PolicyName"] as string, attributes: {} };
  },
  update: async (properties, { call }, { made }) => {
    await call("logs", "PutResourcePolicy", {
      policyName: made.physicalId,
      policyDocument: policyText(properties["PolicyDocument"]),
    });
    return made;
  },
  delete: async ({ physicalId: policyName }, { call }) => {
    await call("logs", "DeleteResourcePolicy", { policyName });
  },
});
