import type { MessageAttributeValue } from "@aws-sdk/client-sns";
import { ServiceException } from "../../service.ts";

export type MessageAttributes = Record<string, MessageAttributeValue>;

const refused = (message: string) => new ServiceException("InvalidParameterValueException", message);

/** Refuses names, types and values that SNS refuses. `path` leads to the attributes in the request. */
export function checkAttributes(attributes: MessageAttributes, path = "messageAttributes"): void {
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    if (name.length > 256) throw refused("Length of message attribute name must be less than 256 bytes.");
    if (!/^[\w.-]+$/.test(name))
      throw refused(
        `Invalid non-alphanumeric character '#x${badCharacter(name)}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.`,
      );
    if (name.startsWith("."))
      throw refused("Invalid message attribute name starting with character '.' was found.");
    if (name.endsWith("."))
      throw refused("Invalid message attribute name ending with character '.' was found.");
    if (name.includes("..")) throw refused("Message attribute name can not have successive '.' character.");
    if (DataType === undefined)
      throw new ServiceException(
        "ValidationError",
        `1 validation error detected: Value null at '${path}.${name}.member.dataType' failed to satisfy constraint: Member must not be null`,
      );
    // A type may carry a label of the sender's after a dot.
    const base = /^(String|Number|Binary)(\..+)?$/s.exec(DataType)?.[1];
    if (base === undefined)
      throw refused(
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    const [value, other] = base === "Binary" ? [BinaryValue, StringValue] : [StringValue, BinaryValue];
    if (value === undefined && other !== undefined)
      throw refused(
        `The message attribute '${name}' with type '${base}' must use field '${base === "Binary" ? base : "String"}'.`,
      );
    if (value === undefined || value.length === 0)
      throw refused(
        `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${base}'.`,
      );
    if (base === "Number" && !Number.isFinite(Number(StringValue)))
      throw refused(`Could not cast message attribute '${name}' value to number.`);
  }
}

const badCharacter = (name: string) => /[^\w.-]/.exec(name)![0].codePointAt(0)!.toString(16).toUpperCase();

/** Bytes that the attributes add to a message. */
export const sizeOf = (attributes: MessageAttributes): number =>
  Object.entries(attributes).reduce(
    (sum, [name, { DataType = "", StringValue = "", BinaryValue }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.length ?? 0),
    0,
  );
