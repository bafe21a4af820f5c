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

/**
 * What looks like a secret inside a text: the name that tells stays, the value goes. Each pattern begins where it can begin
 * once only, or is bounded: texts come from outside, and none may take longer than its length.
 */
const IN_TEXT: [RegExp, string][] = [
  [/\b(Bearer|Basic|OAuth)\s+[\w.~+/=-]{8,}/gi, "$1 ***"],
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@]+):[^\s@/]+@/gi, "$1:***@"],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, "***"],
  [
    // Not the `:secret:` of a secret's ARN, which only says which one it is.
    /(?<!:secretsmanager:[\w-]*:\d*:)(["']?(?<![\w-])[\w-]*(?:password|passwd|pwd|secret|token|(?:api|private|access)[_-]?key)\b["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;}"']+)/gi,
    "$1***",
  ],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, "***"],
  [/(?<![\w-])eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g, "***"],
  [/(?<![\w-])(?:gh[a-z]_|github_pat_|glpat-|xox[a-z]-|sk-)[\w-]{16,}/g, "***"],
  [/https:\/\/hooks\.slack\.com\/\S+/g, "https://hooks.slack.com/***"],
];

/** A text for people, with whatever looks like a password, token or key blanked. */
export const redactText = (text: string): string =>
  IN_TEXT.reduce((clean, [pattern, instead]) => clean.replace(pattern, instead), text);

/** A copy of a value in which every text is one for people. */
export const redactTexts = <Value>(value: Value): Value => mapTexts(value, redactText) as Value;

/** A copy of a value with every text in it replaced. */
export function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, map));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTexts(each, map)]));
}
