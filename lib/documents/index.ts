import { RemovalPolicy, Stack } from "aws-cdk-lib";
import { CfnDocument } from "aws-cdk-lib/aws-ssm";
import type { Construct } from "constructs";
import { codeRead, codeWrite } from "./code.ts";
import { contentOf, type VettedDocument } from "./document.ts";
import { filesRead, filesWrite } from "./files.ts";
import { imageRead, imageWrite } from "./image.ts";

/** Every document that a step may have run on a host, by its name. */
export const documents: Record<string, VettedDocument> = Object.fromEntries(
  [filesRead, filesWrite, codeRead, codeWrite, imageRead, imageWrite].map((each) => [each.name, each]),
);

/**
 * The plan's own copy of a document, made at its first mention. CloudFormation names it, so that changed content is a
 * new document beside the old one, which stays: a run that began before a deployment still finds what it began with.
 */
export function planDocument(scope: Construct, name: string): CfnDocument {
  const id = `Document-${name}`;
  const known = scope.node.tryFindChild(id);
  if (known) return known as CfnDocument;
  const document = documents[name];
  if (!document)
    throw new Error(
      `There is no document "${name}", only ${Object.keys(documents).join(", ")}. Nothing was synthesized. Add it to lib/documents.`,
    );
  const made = new CfnDocument(scope, id, {
    content: contentOf(document),
    documentType: "Command",
    documentFormat: "JSON",
    targetType: "/AWS::EC2::Instance",
  });
  made.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return made;
}

/** ARN of the plan's own copy of a document. */
export function documentArn(scope: Construct, name: string): string {
  const { partition, region, account } = Stack.of(scope);
  return `arn:${partition}:ssm:${region}:${account}:document/${planDocument(scope, name).ref}`;
}
