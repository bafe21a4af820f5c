import type { CreateDocumentCommandInput, CreateDocumentResult } from "@aws-sdk/client-ssm";
import { operation, ServiceException } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { describedDocument } from "./described.ts";
import { contentHash, documentArn, documents, readContent } from "./document.ts";

/** A command document of schema 2.2. */
export const CreateDocument = operation<CreateDocumentCommandInput, CreateDocumentResult>({
  authorize: (input, { world }) => [
    { action: "ssm:CreateDocument", resources: [documentArn(world, input.Name)] },
  ],
  run: (input, { world }) => {
    const { Name = "", Content = "", DocumentType = "Command", DocumentFormat = "JSON" } = input;
    if (DocumentType !== "Command" || DocumentFormat === "TEXT")
      throw notImplemented("ssm", `CreateDocument of type ${DocumentType} as ${DocumentFormat}`);
    if (!/^[\w.-]{3,128}$/.test(Name) || /^(aws|amazon|amzn)/i.test(Name))
      throw new ServiceException(
        "ValidationException",
        `1 validation error detected: Value '${Name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9_\\-.]{3,128}$`,
      );
    if (documents(world).has(Name))
      throw new ServiceException("DocumentAlreadyExists", `Document with same name ${Name} already exists`);
    const stored = {
      name: Name,
      content: Content,
      format: DocumentFormat,
      document: readContent(Content, DocumentFormat),
      targetType: input.TargetType,
      createdAt: world.clock.now(),
      hash: contentHash(Content),
    };
    documents(world).set(Name, stored);
    return { DocumentDescription: describedDocument(world, stored) };
  },
});
