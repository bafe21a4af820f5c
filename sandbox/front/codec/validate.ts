import { ServiceException } from "../../service.ts";
import { requiredMembers, type Shape } from "./model.ts";
import type { Protocol } from "./protocol.ts";

/**
 * Refuses an input that lacks a member which the service's model requires, before the operation sees it, with the
 * code and words that services of the protocol have for it.
 */
export function mustBeComplete(service: string, protocol: Protocol, shape: Shape, input: unknown): void {
  const missing = [...missingIn(shape, input, "")];
  const first = missing[0];
  if (first === undefined) return;
  // SNS names its own parameters as they are; what is missing inside one it words as the others do.
  if (service === "sns" && !first.includes("."))
    throw new ServiceException(
      "InvalidParameterException",
      `Invalid parameter: ${first.charAt(0).toUpperCase()}${first.slice(1)} Reason: no value for required parameter`,
    );
  if (service === "ec2" || service === "rds" || service === "sqs")
    throw new ServiceException("MissingParameter", `The request must contain the parameter ${first}.`);
  if (service === "s3")
    throw new ServiceException(
      "MalformedXML",
      `The XML you provided was not well-formed: ${first} is missing`,
    );
  const words = missing.map(
    (path) => `Value null at '${path}' failed to satisfy constraint: Member must not be null`,
  );
  const text = `${missing.length} validation error${missing.length > 1 ? "s" : ""} detected: ${words.join("; ")}`;
  if (service === "route53") throw new ServiceException("InvalidInput", text);
  throw new ServiceException(protocol.name === "query" ? "ValidationError" : "ValidationException", text);
}

/** Paths as AWS writes them: `changeBatch.changes.1.member.action`. */
function* missingIn(shape: Shape, value: unknown, path: string): Generator<string> {
  if (value === undefined || value === null) return;
  if (shape.isStructSchema()) {
    const required = new Set(requiredMembers(shape).map((member) => member.getMemberName()));
    for (const [name, member] of shape.structIterator()) {
      const at = `${path}${path === "" ? "" : "."}${name.charAt(0).toLowerCase()}${name.slice(1)}`;
      const found = (value as Record<string, unknown>)[name];
      if (found === undefined || found === null) {
        if (required.has(name)) yield at;
      } else yield* missingIn(member, found, at);
    }
  } else if (shape.isListSchema() && Array.isArray(value)) {
    const item = shape.getValueSchema();
    if (!item.isStructSchema()) return;
    for (const [index, each] of value.entries()) yield* missingIn(item, each, `${path}.${index + 1}.member`);
  } else if (shape.isMapSchema()) {
    const item = shape.getValueSchema();
    if (!item.isStructSchema()) return;
    for (const [key, each] of Object.entries(value as object))
      yield* missingIn(item, each, `${path}.${key}.member`);
  }
}
