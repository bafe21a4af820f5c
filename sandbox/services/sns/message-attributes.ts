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
    if (DataType === undefined)
      throw new ServiceException(
        "ValidationError",
        `1 validation error detected: Value null at '${path}.${name}.member.dataType' failed to satisfy constraint: Member must not be null`,
      );
    const base = DataType.split(".")[0];
    if (base !== "String" && base !== "Number" && base !== "Binary")
      throw refused(
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    const value = base === "Binary" ? BinaryValue : StringValue;
    if (value === undefined || value.length === 0)
      throw refused(
        `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${base}'.`,
      );
    if (base === "Number" && !Number.isFinite(Number(StringValue)))
      throw refused(`Could not cast message attribute '${name}' value to number.`);
  }
}

const badCharacter = (name: string) => /[^\w.-]/.exec(name)![0].codePointAt(0)!.toString(16);

/** Bytes that the attributes add to a message. */
export const sizeOf = (attributes: MessageAttributes): number =>
  Object.entries(attributes).reduce(
    (sum, [name, { DataType = "", StringValue = "", BinaryValue }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.length ?? 0),
    0,
  );
