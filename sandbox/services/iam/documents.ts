import { compilePolicy, type PolicyDocument } from "../../front/iam/policy.ts";
import { ServiceException } from "../../service.ts";
import { notImplemented, type World } from "../../world.ts";
import { documentOf } from "./state.ts";

/** A policy's text as a document that is known to compile; MalformedPolicyDocument otherwise. */
export function parseDocument(text: string | undefined): PolicyDocument {
  try {
    const document = JSON.parse(text ?? "") as PolicyDocument;
    compilePolicy(document);
    return document;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ServiceException("MalformedPolicyDocumentException", `Syntax errors in policy. ${reason}`);
  }
}

/** Throws when a managed policy cannot be attached, because it does not exist or the sandbox has not got it. */
export function mustBeAttachable(world: World, policyArn: string | undefined): string {
  const arn = policyArn ?? "";
  if (documentOf(world, arn)) return arn;
  if (arn.startsWith("arn:aws:iam::aws:")) throw notImplemented("iam", `the AWS managed policy ${arn}`);
  throw new ServiceException("NoSuchEntityException", `Policy ${arn} does not exist or is not attachable.`);
}
