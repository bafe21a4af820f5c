import type { Tag } from "@aws-sdk/client-sns";
import { invalid } from "./errors.ts";

/** Tags by key; the same key twice is refused. */
export function tagsFrom(given: Tag[] = []): Map<string, string> {
  const tags = new Map(given.map(({ Key = "", Value = "" }) => [Key, Value]));
  if (tags.size !== given.length) throw invalid("Duplicated keys are not allowed.");
  return tags;
}
