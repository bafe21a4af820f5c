/** Names of members whose value is nobody's to read. */
const SENSITIVE = /passw|secret|token|authorization|credential|api_?key|private_?key/i;
/** Members that only say which secret it is. */
const REFERENCE = /^secret_?(id|name|arn|version(_?id)?)?$/i;
/** A secret's name or ARN; a value with other characters is not taken for one. */
const NAME = /^[\w/+=.@:-]+$/;

/** A copy of a value for logs: below a member with a telling name every text and number is blanked. */
export function redact(value: unknown): unknown {
  return copied(value, false);
}

function copied(value: unknown, blank: boolean): unknown {
  if (Array.isArray(value)) return value.map((each) => copied(each, blank));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, copied(each, blank || tells(key, each))]),
    );
  return blank && (typeof value === "string" || typeof value === "number") ? "***" : value;
}

const tells = (key: string, value: unknown): boolean =>
  SENSITIVE.test(key) && !(REFERENCE.test(key) && typeof value === "string" && NAME.test(value));
