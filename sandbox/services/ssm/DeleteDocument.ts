import type { DeleteDocumentCommandInput } from "@aws-sdk/client-ssm";
import { operation } from "../../service.ts";
import { documentArn, documentNamed, documents } from "./document.ts";

/** A stack that goes takes its documents along. */
export const DeleteDocument = operation<DeleteDocumentCommandInput, object>({
  authorize: (input, { world }) => [
    { action: "ssm:DeleteDocument", resources: [documentArn(world, input.Name)] },
  ],
  run: (input, { world }) => {
    documents(world).delete(documentNamed(world, input.Name).name);
    return {};
  },
});
