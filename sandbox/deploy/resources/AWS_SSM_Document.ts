import { defined, resourceType } from "../resource.ts";

/** A command document. Changed content makes a new document (UpdateMethod Replace, CloudFormation's default). */
export const ssmDocument = resourceType({
  uses: ["Name", "Content", "DocumentType", "DocumentFormat", "TargetType"],
  replacedBy: ["Name", "Content", "DocumentType", "DocumentFormat", "TargetType"],
  create: async (properties, context) => {
    const Name = (properties["Name"] as string | undefined) ?? context.physicalName(128);
    const content = properties["Content"];
    await context.call(
      "ssm",
      "CreateDocument",
      defined({
        Name,
        Content: typeof content === "string" ? content : JSON.stringify(content),
        DocumentType: properties["DocumentType"] ?? "Command",
        DocumentFormat: properties["DocumentFormat"] ?? "JSON",
        TargetType: properties["TargetType"],
      }),
    );
    return { physicalId: Name, attributes: {} };
  },
  delete: async ({ physicalId: Name }, { call }) => {
    await call("ssm", "DeleteDocument", { Name });
  },
});
