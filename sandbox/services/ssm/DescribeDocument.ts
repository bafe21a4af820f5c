import type { DescribeDocumentCommandInput, DescribeDocumentResult } from "@aws-sdk/client-ssm";
import { operation } from "../../service.ts";
import { describedDocument } from "./described.ts";
import { documentArn, documentNamed } from "./document.ts";

/** A document without its content. */
export const DescribeDocument = operation<DescribeDocumentCommandInput, DescribeDocumentResult>({
  authorize: (input, { world }) => [
    { action: "ssm:DescribeDocument", resources: [documentArn(world, input.Name)] },
  ],
  run: (input, { world }) => ({
    Document: describedDocument(world, documentNamed(world, input.Name, input.DocumentVersion)),
  }),
});
