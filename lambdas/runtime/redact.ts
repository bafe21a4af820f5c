const SENSITIVE = /password|secret(?!Id|_id|\b.*arn)|token|authorization|apikey|api_key/i;

/** A copy of a value for logs: members with a telling name are blanked, whatever they hold. */
export function redact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      SENSITIVE.test(key) && typeof each === "string" && !/^[\w/-]+$/.test(each) ? "***" : redact(each),
    ]),
  );
}
