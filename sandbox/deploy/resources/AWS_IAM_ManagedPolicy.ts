import { type Properties, policyText, resourceType } from "../resource.ts";

const rolesOf = (properties: Properties) => (properties["Roles"] ?? []) as string[];

/** A managed policy, attached to roles. A changed document makes a new policy. */
export const iamManagedPolicy = resourceType({
  uses: ["ManagedPolicyName", "PolicyDocument", "Roles", "Path", "Description"],
  create: async (properties, context) => {
    const { Policy } = await context.call<{ Policy: { Arn: string; PolicyId?: string } }>(
      "iam",
      "CreatePolicy",
      {
        PolicyName: properties["ManagedPolicyName"] ?? context.physicalName(128),
        Path: properties["Path"],
        Description: properties["Description"],
        PolicyDocument: policyText(properties["PolicyDocument"]),
      },
    );
    for (const RoleName of rolesOf(properties))
      await context.call("iam", "AttachRolePolicy", { RoleName, PolicyArn: Policy.Arn });
    return { physicalId: Policy.Arn, attributes: { PolicyArn: Policy.Arn, PolicyId: Policy.PolicyId } };
  },
  delete: async ({ physicalId: PolicyArn }, context, properties) => {
    for (const RoleName of rolesOf(properties))
      await context.call("iam", "DetachRolePolicy", { RoleName, PolicyArn });
  },
});
