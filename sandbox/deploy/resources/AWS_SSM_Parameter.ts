import { defined, type Properties, type ResourceContext, resourceType } from "../resource.ts";

const put = (Name: string, properties: Properties, { call }: ResourceContext, Overwrite: boolean) =>
  call(
    "ssm",
    "PutParameter",
    defined({
      Name,
      Value: properties["Value"],
      Type: properties["Type"],
      Description: properties["Description"],
      AllowedPattern: properties["AllowedPattern"],
      Tier: properties["Tier"],
      Overwrite: Overwrite || undefined,
    }),
  );

/** A parameter. An update with the same properties is none: a value that somebody set in between stays. */
export const ssmParameter = resourceType({
  uses: ["Name", "Value", "Type", "Description", "AllowedPattern", "Tier"],
  replacedBy: ["Name", "Type"],
  create: async (properties, context) => {
    const Name = (properties["Name"] as string | undefined) ?? context.physicalName(512);
    await put(Name, properties, context, false);
    return { physicalId: Name, attributes: { Type: properties["Type"], Value: properties["Value"] } };
  },
  update: async (properties, context, { made }) => {
    await put(made.physicalId, properties, context, true);
    return made;
  },
  delete: async ({ physicalId: Name }, { call }) => {
    await call("ssm", "DeleteParameter", { Name });
  },
});
