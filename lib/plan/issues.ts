import { z } from "zod";
import { nearest } from "./nearest.ts";
import { type Path, valueAt } from "./position.ts";
import type { Finding } from "./problem.ts";

/** One zod issue in plain words. Unknown keys become one finding each, with the nearest known one. */
export function findingsOf(issue: z.core.$ZodIssue, schema: z.ZodType, raw: unknown): Finding[] {
  const path = issue.path as Path;
  const value = valueAt(raw, path);
  const wanted = wantedIn(issue, schemaAt(schema, path));
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(key, path, knownKeys(schema, path)));
    case "invalid_value": {
      if (value === undefined) break;
      const allowed = issue.values.map(String);
      const near = typeof value === "string" ? nearest(value, allowed) : undefined;
      return [
        {
          path,
          reason: `${shown(value)} is not allowed here`,
          instead: near ? `write ${JSON.stringify(near)}` : `use one of: ${allowed.join(", ")}`,
        },
      ];
    }
    case "invalid_type":
      if (value === undefined) break;
      return [
        {
          path,
          reason: `${shown(value)} is ${typeText(value)}`,
          instead: `write ${likeGiven(issue.expected, value, wanted !== TYPES["string"]) ?? wanted}`,
        },
      ];
    case "invalid_union": {
      if (value === undefined) break;
      const forms = issue.errors.flatMap((branch) => branch.slice(0, 1).map((each) => wantedIn(each)));
      return [
        {
          path,
          reason: `${shown(value)} fits none of the allowed forms`,
          instead: forms.length > 0 ? `write ${[...new Set(forms)].join(", or ")}` : issue.message,
        },
      ];
    }
    default:
      if (value === undefined) break;
      return [{ path, reason: `${shown(value)} does not fit`, instead: `write ${wanted}` }];
  }
  return [
    { path, reason: `"${String(path.at(-1) ?? "the plan")}" is missing`, instead: `add it: ${wanted}` },
  ];
}

function unknownKey(key: string, path: Path, known: string[]): Finding {
  const near = nearest(key, known);
  // A space that is none, as word processors and chat programs put there, cannot be seen in an editor.
  const unseen = /[^\x21-\x7e\s]|\u00a0/.exec(key)?.[0];
  const named = unseen
    ? ` (it holds the character U+${unseen.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")})`
    : "";
  return {
    path: [...path, key],
    reason: `"${key}"${named} is not known here`,
    instead: near ? `write "${near}"` : known.length > 0 ? `known are: ${known.join(", ")}` : "remove it",
  };
}

/** zod's names of types, as YAML's users call them. */
const TYPES: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  record: "a mapping of keys to values",
  object: "a mapping of keys to values",
};

/** What an issue asks for, without zod's own opening words; `schema` is what it was asked of, where that is known. */
function wantedIn(issue: z.core.$ZodIssue, schema?: z.ZodType): string {
  switch (issue.code) {
    case "invalid_value":
      return `one of ${issue.values.map((each) => JSON.stringify(each)).join(", ")}`;
    case "invalid_type":
      return formOf(schema) ?? TYPES[String(issue.expected)] ?? `a ${String(issue.expected)}`;
    case "too_small":
    case "too_big":
      return sizeText(issue);
    case "invalid_format":
      return issue.format === "email" ? "an e-mail address, for example oncall@example.com" : issue.message;
    default:
      return issue.message.replace(/^(Invalid input|Invalid string): /, "");
  }
}

/** How a text must look, in the schema's own words: asked by showing it an empty one. */
function formOf(schema: z.ZodType | undefined): string | undefined {
  if (!(schema instanceof z.ZodString)) return undefined;
  const issue = schema.safeParse("").error?.issues.find(({ code }) => code === "invalid_format");
  return issue && wantedIn(issue);
}

function sizeText(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const [limit, words] =
    issue.code === "too_small"
      ? [issue.minimum, issue.inclusive === false ? "more than" : "at least"]
      : [issue.maximum, issue.inclusive === false ? "less than" : "at most"];
  const units: Record<string, string> = { array: "entr", set: "entr", string: "character" };
  const unit = units[String(issue.origin)];
  if (!unit) return `${words} ${limit}`;
  const one = Number(limit) === 1;
  return `${words} ${limit} ${unit}${unit === "entr" ? (one ? "y" : "ies") : one ? "" : "s"}`;
}

/** The value that was given in the form that was asked for, where nothing else can have been meant. */
function likeGiven(expected: string, value: unknown, formed: boolean): string | undefined {
  if (expected === "array" && typeof value === "string") return `a list: [${value}]`;
  if (expected === "string" && ["number", "boolean"].includes(typeof value) && !formed)
    return `text, in quotes: "${value}"`;
  if (expected === "boolean" && typeof value === "string" && /^(yes|on|no|off)$/i.test(value))
    return /^(yes|on)$/i.test(value) ? "true" : "false";
  return undefined;
}

function typeText(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a mapping" : (TYPES[typeof value] ?? typeof value);
}

/** A value as it was found, cut where it gets long. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** Keys a strict object at a path has; none when the path leads into a record or a union. */
function knownKeys(schema: z.ZodType, path: Path): string[] {
  const found = schemaAt(schema, path);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

/** What is asked of the value at a path; undefined when the path leads into a record or a union. */
function schemaAt(schema: z.ZodType, path: Path): z.ZodType | undefined {
  let current: z.ZodType | undefined = schema;
  for (const key of path) {
    current = unwrapped(current);
    if (current instanceof z.ZodArray) current = current.element as z.ZodType;
    else if (current instanceof z.ZodObject) current = current.shape[String(key)] as z.ZodType | undefined;
    else return undefined;
  }
  return unwrapped(current);
}

/** The schema inside optional, default, prefault, nullable. */
export function unwrapped(schema: z.ZodType | undefined): z.ZodType | undefined {
  let inner = schema;
  while (inner && "unwrap" in inner && !(inner instanceof z.ZodArray))
    inner = (inner as z.ZodOptional).unwrap() as z.ZodType;
  return inner;
}
