import { number, type Properties, policyText, type ResourceContext, resourceType } from "../resource.ts";

const inlineOf = (properties: Properties) =>
  (properties["Policies"] ?? []) as { PolicyName: string; PolicyDocument: unknown }[];
const managedOf = (properties: Properties) => (properties["ManagedPolicyArns"] ?? []) as string[];

async function setPolicies(
  RoleName: string,
  properties: Properties,
  context: ResourceContext,
): Promise<void> {
  for (const PolicyArn of managedOf(properties))
    await context.call("iam", "AttachRolePolicy", { RoleName, PolicyArn });
  for (const { PolicyName, PolicyDocument } of inlineOf(properties))
    await context.call("iam", "PutRolePolicy", {
      RoleName,
      PolicyName,
      PolicyDocument: policyText(PolicyDocument),
    });
}

/** A role with its inline and managed policies. */
export const iamRole = resourceType({
  uses: [
    "RoleName",
    "Path",
    "Description",
    "AssumeRolePolicyDocument",
    "ManagedPolicyArns",
    "Policies",
    "MaxSessionDuration",
    "Tags",
  ],
  replacedBy: ["RoleName", "Path", "AssumeRolePolicyDocument"],
  create: async (properties, context) => {
    const RoleName = (properties["RoleName"] as string | undefined) ?? context.physicalName(64);
    const { Role } = await context.call<{ Role: { Arn: string; RoleId: string } }>("iam", "CreateRole", {
      RoleName,
      Path: properties["Path"],
      Description: properties["Description"],
      AssumeRolePolicyDocument: policyText(properties["AssumeRolePolicyDocument"]),
      MaxSessionDuration: number(properties["MaxSessionDuration"]),
      Tags: properties["Tags"],
    });
    await setPolicies(RoleName, properties, context);
    return { physicalId: RoleName, attributes: { Arn: Role.Arn, RoleId: Role.RoleId } };
  },
  update: async (properties, context, { made, properties: before }) => {
    const RoleName = made.physicalId;
    const names = new Set(inlineOf(properties).map((each) => each.PolicyName));
    for (const { PolicyName } of inlineOf(before))
      if (!names.has(PolicyName)) await context.call("iam", "DeleteRolePolicy", { RoleName, PolicyName });
    const attached = managedOf(properties);
    for (const PolicyArn of managedOf(before))
      if (!attached.includes(PolicyArn))
        await context.call("iam", "DetachRolePolicy", { RoleName, PolicyArn });
    await setPolicies(RoleName, properties, context);
    return made;
  },
  delete: async ({ physicalId: RoleName }, context, properties) => {
    for (const { PolicyName } of inlineOf(properties))
      await context.call("iam", "DeleteRolePolicy", { RoleName, PolicyName });
    for (const PolicyArn of managedOf(properties))
      await context.call("iam", "DetachRolePolicy", { RoleName, PolicyArn });
    await context.call("iam", "DeleteRole", { RoleName });
  },
});
