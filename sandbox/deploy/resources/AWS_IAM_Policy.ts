import { type Properties, policyText, type ResourceContext, resourceType } from "../resource.ts";

const rolesOf = (properties: Properties) => (properties["Roles"] ?? []) as string[];

async function put(properties: Properties, context: ResourceContext): Promise<void> {
  const PolicyDocument = policyText(properties["PolicyDocument"]);
  for (const RoleName of rolesOf(properties))
    await context.call("iam", "PutRolePolicy", {
      RoleName,
      PolicyName: properties["PolicyName"],
      PolicyDocument,
    });
}

/** An inline policy of one or more roles. */
export const iamPolicy = resourceType({
  uses: ["PolicyName", "PolicyDocument", "Roles"],
  create: async (properties, context) => {
    await put(properties, context);
    return { physicalId: properties["PolicyName"] as string, attributes: { Id: properties["PolicyName"] } };
  },
  update: async (properties, context, { made, properties: before }) => {
    await put(properties, context);
    const renamed = before["PolicyName"] !== properties["PolicyName"];
    for (const RoleName of rolesOf(before))
      if (renamed || !rolesOf(properties).includes(RoleName))
        await context.call("iam", "DeleteRolePolicy", { RoleName, PolicyName: before["PolicyName"] });
    return { ...made, physicalId: properties["PolicyName"] as string };
  },
  delete: async ({ physicalId: PolicyName }, context, properties) => {
    for (const RoleName of rolesOf(properties)) {
      await context
        .call("iam", "DeleteRolePolicy", { RoleName, PolicyName })
        .catch((error: { code?: string }) => {
          // Its role went with the stack before it.
          if (error.code !== "NoSuchEntityException") throw error;
        });
    }
  },
});
