import type { ObjectVersion } from "./state.ts";

/** What a writer says of an object, as it is stored. */
export function headersOf(input: ObjectVersion["headers"]): ObjectVersion["headers"] {
  const {
    CacheControl,
    ContentDisposition,
    ContentEncoding,
    ContentLanguage,
    ContentType = "binary/octet-stream",
    Expires,
    Metadata,
    WebsiteRedirectLocation,
  } = input;
  return {
    CacheControl,
    ContentDisposition,
    ContentEncoding,
    ContentLanguage,
    ContentType,
    Expires,
    Metadata,
    WebsiteRedirectLocation,
  };
}
