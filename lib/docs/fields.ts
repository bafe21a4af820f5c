import * as z from "zod";
import { code } from "./markdown.ts";

/** A JSON schema, as far as zod writes it for what plans and specs use. */
export interface Json {
  type?: string;
  properties?: Record<string, Json>;
  required?: string[];
  additionalProperties?: Json | boolean;
  items?: Json;
  anyOf?: Json[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  description?: string;
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minItems?: number;
  /** What the schema itself says when a value does not fit: its form in words. */
  says?: string;
}

/** A schema as JSON, with each check's own words. */
export function jsonOf(schema: z.ZodType, io: "input" | "output" = "input"): Json {
  return z.toJSONSchema(schema, {
    io,
    target: "draft-7",
    reused: "inline",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      const says = wordsOf(zodSchema._zod.def as Checked);
      if (says !== undefined) (jsonSchema as Json).says = says;
    },
  }) as Json;
}

interface Checked {
  checks?: { _zod: { def: { error?: (issue: never) => unknown } } }[];
  error?: (issue: never) => unknown;
}

function wordsOf({ checks = [], error }: Checked): string | undefined {
  const words = [error, ...checks.map((check) => check._zod.def.error)]
    .map((each) => each?.({} as never))
    .filter((each) => typeof each === "string");
  return words.length > 0 ? words.join("; ") : undefined;
}

const FORMATS: Record<string, string> = { uri: "URL", "date-time": "ISO 8601 time", email: "e-mail address" };

/** What a value is, in words: `text`, `integer, 1 to 10`, `list of …`. */
export function typeText(json: Json): string {
  if (json.anyOf) return json.anyOf.map(typeText).join(" or ");
  if (json.const !== undefined) return code(String(json.const));
  if (json.enum) return json.enum.map((each) => code(String(each))).join(", ");
  if (json.type === "array")
    return `list of ${typeText(json.items ?? {})}${json.minItems ? ", not empty" : ""}`;
  if (json.type === "object") {
    const { additionalProperties: values } = json;
    if (json.properties || typeof values !== "object" || Object.keys(values).length === 0) return "mapping";
    return `mapping of names to ${typeText(values)}`;
  }
  if (json.type === "integer" || json.type === "number") return `${json.type}${limits(json)}`;
  if (json.type === "string") {
    const kind = FORMATS[json.format ?? ""] ?? "text";
    return json.says !== undefined && json.says !== json.description ? `${kind}: ${json.says}` : kind;
  }
  return json.type ?? "anything";
}

function limits({ minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER }: Json): string {
  const [low, high] = [minimum > Number.MIN_SAFE_INTEGER, maximum < Number.MAX_SAFE_INTEGER];
  if (low && high) return `, ${minimum} to ${maximum}`;
  return low ? `, ${minimum} or more` : high ? `, ${maximum} or less` : "";
}

/** What holds when a key is not given. */
export function presetText(json: Json, required: boolean): string {
  if (required) return "must be given";
  if (json.default === undefined) return "";
  if (typeof json.default === "object" && json.properties) return "";
  return code(typeof json.default === "string" ? json.default : JSON.stringify(json.default));
}

/** A description as Markdown: what stands in angle brackets is no HTML. */
const meaning = ({ description = "" }: Json) => description.replaceAll("<", "&lt;");

/** Each own key of a mapping: name, type, default, description. */
export function rowsOf(json: Json, type: (field: Json, key: string) => string = typeText): string[][] {
  return Object.entries(json.properties ?? {}).map(([key, field]) => [
    code(key),
    type(field, key),
    presetText(field, json.required?.includes(key) ?? false),
    meaning(field),
  ]);
}

/** Every key, those of mappings inside as `outer.inner` or `outer[].inner`. */
export function deepRowsOf(json: Json, prefix = ""): string[][] {
  return Object.entries(json.properties ?? {}).flatMap(([key, field]) => {
    const name = `${prefix}${key}`;
    const row = [
      code(name),
      typeText(field),
      presetText(field, json.required?.includes(key) ?? false),
      meaning(field),
    ];
    const inner = field.items?.properties
      ? deepRowsOf(field.items, `${name}[].`)
      : deepRowsOf(field, `${name}.`);
    return [row, ...inner];
  });
}
