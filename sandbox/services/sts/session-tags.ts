import type { AssumeRoleCommandInput } from "@aws-sdk/client-sts";
import { ServiceException } from "../../service.ts";
import { notImplemented } from "../../world.ts";

const MOST_TAGS = 50;
const LONGEST = { key: 128, value: 256 };

/**
 * The tags of a session, as STS takes them
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html); undefined without any.
 */
export function sessionTags({
  Tags = [],
  TransitiveTagKeys = [],
}: AssumeRoleCommandInput): Record<string, string> | undefined {
  if (TransitiveTagKeys.length > 0) throw notImplemented("sts", "AssumeRole with TransitiveTagKeys");
  if (Tags.length === 0) return undefined;
  const invalid = (what: string) =>
    new ServiceException("ValidationError", `1 validation error detected: ${what}`);
  if (Tags.length > MOST_TAGS)
    throw invalid(
      `Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to ${MOST_TAGS}`,
    );
  const seen = new Set<string>();
  for (const [index, { Key = "", Value = "" }] of Tags.entries()) {
    const place = `tags.${index + 1}.member`;
    if (Key.length < 1 || Key.length > LONGEST.key)
      throw invalid(
        `Value '${Key}' at '${place}.key' failed to satisfy constraint: Member must have length less than or equal to ${LONGEST.key}`,
      );
    if (Value.length > LONGEST.value)
      throw invalid(
        `Value '${Value}' at '${place}.value' failed to satisfy constraint: Member must have length less than or equal to ${LONGEST.value}`,
      );
    if (Key.toLowerCase().startsWith("aws:"))
      throw new ServiceException("InvalidParameterValue", "aws: prefixed tag key names are not allowed.");
    if (seen.has(Key.toLowerCase()))
      throw new ServiceException(
        "InvalidParameterValue",
        "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
      );
    seen.add(Key.toLowerCase());
  }
  return Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}
