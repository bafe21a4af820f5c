import type { PolicyDocument } from "../../front/iam/policy.ts";
import { ServiceException } from "../../service.ts";

/** A policy from its text; refused when it is no JSON object. */
export function parsedPolicy(text: string): PolicyDocument {
  try {
    return JSON.parse(text) as PolicyDocument;
  } catch {
    throw new ServiceException("ValidationException", "This policy contains invalid Json");
  }
}
