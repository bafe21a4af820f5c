import { z } from "zod";
import { nearest } from "./nearest.ts";
import { type Path, valueAt } from "./position.ts";
import type { Finding } from "./problem.ts";

/** One zod issue in plain words. Unknown keys become one finding each, with the nearest known one. */
export function findingsOf(issue: z.core.$ZodIssue, schema: z.ZodType, raw: unknown): Finding[] {
  const path = issue.path as Path;
  const value = valueAt(raw, path);
  const wanted = wantedIn(issue);
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
      return [{ path, reason: `${shown(value)} is ${typeText(value)}`, instead: `write ${wanted}` }];
    case "invalid_union": {
      if (value === undefined) break;
      const forms = issue.errors.flatMap((branch) => branch.slice(0, 1).map(wantedIn));
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
  return {
    path: [...path, key],
    reason: `"${key}" is not known here`,
    instead: near ? `write "${near}"` : known.length > 0 ? `known are: ${known.join(", ")}` : "remove it",
  };
}

/** What an issue asks for, without zod's own opening words. */
function wantedIn(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value")
    return `one of ${issue.values.map((each) => JSON.stringify(each)).join(", ")}`;
  if (issue.code === "invalid_type") {
    const expected = String(issue.expected);
    return expected === "record" || expected === "object" ? "a mapping of keys to values" : article(expected);
  }
  return issue.message.replace(/^(Invalid input|Invalid string): /, "");
}

const article = (noun: string) => `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;

function typeText(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a mapping" : article(typeof value);
}

/** A value as it was found, cut where it gets long. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** Keys a strict object at a path has; none when the path leads into a record or a union. */
function knownKeys(schema: z.ZodType, path: Path): string[] {
  let current: z.ZodType | undefined = schema;
  for (const key of path) {
    current = unwrapped(current);
    if (current instanceof z.ZodArray) current = current.element as z.ZodType;
    else if (current instanceof z.ZodObject) current = current.shape[String(key)] as z.ZodType | undefined;
    else return [];
  }
  current = unwrapped(current);
  return current instanceof z.ZodObject ? Object.keys(current.shape) : [];
}

/** The schema inside optional, default, prefault, nullable. */
export function unwrapped(schema: z.ZodType | undefined): z.ZodType | undefined {
  let inner = schema;
  while (inner && "unwrap" in inner && !(inner instanceof z.ZodArray))
    inner = (inner as z.ZodOptional).unwrap() as z.ZodType;
  return inner;
}
