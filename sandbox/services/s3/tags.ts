import type { Tag } from "@aws-sdk/client-s3";

/** `a=1&b=2`, as the x-amz-tagging header has it. */
export function parseTags(text: string | undefined): Tag[] {
  return [...new URLSearchParams(text ?? "")].map(([Key, Value]) => ({ Key, Value }));
}
