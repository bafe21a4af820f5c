import type { DocumentDescription } from "@aws-sdk/client-ssm";
import type { World } from "../../world.ts";
import type { StoredDocument } from "./document.ts";

/** A document as DescribeDocument answers it. */
export function describedDocument(world: World, stored: StoredDocument): DocumentDescription {
  return {
    Name: stored.name,
    Owner: world.account,
    CreatedDate: new Date(stored.createdAt),
    Status: "Active",
    DocumentVersion: "1",
    LatestVersion: "1",
    DefaultVersion: "1",
    ...(stored.document.description === undefined ? {} : { Description: stored.document.description }),
    Parameters: Object.entries(stored.document.parameters).map(
      ([Name, { type, description, default: preset }]) => ({
        Name,
        // Boolean is a String to the API.
        Type: type === "StringList" ? ("StringList" as const) : ("String" as const),
        ...(description === undefined ? {} : { Description: description }),
        ...(preset === undefined
          ? {}
          : { DefaultValue: typeof preset === "string" ? preset : JSON.stringify(preset) }),
      }),
    ),
    PlatformTypes: ["Linux"],
    DocumentType: "Command",
    SchemaVersion: "2.2",
    DocumentFormat: stored.format,
    Hash: stored.hash,
    HashType: "Sha256",
    ...(stored.targetType === undefined ? {} : { TargetType: stored.targetType }),
    Tags: [],
  };
}
