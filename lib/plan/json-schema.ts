import { z } from "zod";
import { registries as builtIn, type Registries } from "./registries.ts";
import { Plan } from "./schema.ts";

type Json = { [key: string]: unknown };

/** What editors are told of an action or a check. */
interface Kind {
  summary: string;
  input: z.ZodType;
  docs: string[];
}

/** Any value of an input may be an expression instead; Step Functions fills it in. */
const EXPRESSION: Json = {
  type: "string",
  pattern: "^\\{%[\\s\\S]*%\\}$",
  description: "a JSONata expression: {% $steps.<step>.<output> %}",
};

/** JSON schema of a plan for editors: the plan's own shape, and for each kind what its `with:` may hold. */
export function planJsonSchema({ actions, checks }: Registries = builtIn): Json {
  const schema = withMarkdown(
    z.toJSONSchema(Plan, { io: "input", target: "draft-7", reused: "inline" }),
  ) as Json;
  const stage = at(schema, "properties", "stages", "items");
  specialize(at(stage, "properties", "steps", "items"), "action", actions);
  for (const check of [
    at(stage, "properties", "checks", "items"),
    at(schema, "properties", "verify", "items"),
    at(schema, "properties", "watch", "properties", "checks", "items"),
  ])
    specialize(check, "check", checks);
  return {
    ...schema,
    title: "Rollback Watchdog plan",
    description: "One service: what starts a rollback, what it does, how it is proved, who is told",
  };
}

/** Lets `with:` follow from the kind, and the kind be completed with one line on what it does. */
function specialize(item: Json, key: "action" | "check", known: Record<string, Kind>): void {
  const kinds = Object.entries(known).toSorted(([left], [right]) => (left < right ? -1 : 1));
  // A schema without alternatives would refuse every plan.
  if (kinds.length === 0) return;
  const properties = item["properties"] as Json;
  properties[key] = {
    description: `kind of ${key}`,
    oneOf: kinds.map(([kind, spec]) => ({
      const: kind,
      description: spec.summary,
      markdownDescription: [
        `**${kind}**: ${spec.summary}`,
        ...spec.docs.map((page) => `[${page}](${page})`),
      ].join("\n\n"),
    })),
  };
  item["allOf"] = kinds.map(([kind, spec]) => ({
    if: { properties: { [key]: { const: kind } }, required: [key] },
    // biome-ignore lint/suspicious/noThenProperty: JSON schema's own word.
    then: { properties: { with: inputSchema(spec.input) } },
  }));
}

function inputSchema(input: z.ZodType): Json {
  const { $schema, ...schema } = z.toJSONSchema(input, {
    io: "input",
    target: "draft-7",
    reused: "inline",
    unrepresentable: "any",
  }) as Json;
  return withMarkdown(orExpression(schema)) as Json;
}

/** Each field's own schema, or an expression. The input itself stays a mapping. */
function orExpression(schema: Json): Json {
  const properties = schema["properties"] as Record<string, Json> | undefined;
  if (!properties) return schema;
  const either = Object.entries(properties).map(([name, field]) => {
    const { description, default: preset, ...rest } = field;
    const inner = rest["type"] === "object" ? orExpression(rest) : rest;
    const annotations = {
      ...(description ? { description } : {}),
      ...(preset === undefined ? {} : { default: preset }),
    };
    // A plain string takes an expression as it is; two branches would both match it.
    const plain = inner["type"] === "string" && Object.keys(inner).length === 1;
    return [name, plain ? field : { ...annotations, anyOf: [inner, EXPRESSION] }];
  });
  return { ...schema, properties: Object.fromEntries(either) };
}

/** VS Code shows markdownDescription, other editors description. */
function withMarkdown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withMarkdown);
  if (typeof value !== "object" || value === null) return value;
  const result = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withMarkdown(each)]));
  const { description, markdownDescription, default: preset } = result as Json;
  if (typeof description !== "string" || markdownDescription !== undefined) return result;
  const shown = typeof preset === "object" ? undefined : preset;
  return {
    ...result,
    markdownDescription: shown === undefined ? description : `${description}\n\nDefault: \`${shown}\``,
  };
}

function at(schema: Json, ...path: string[]): Json {
  return path.reduce<Json>((inner, key) => {
    const next = inner[key];
    if (typeof next !== "object" || next === null)
      throw new Error(`the plan's JSON schema has no ${path.join(".")}`);
    return next as Json;
  }, schema);
}

/** The file's text, ending in a line break. */
export function planJsonSchemaText(registries: Registries = builtIn): string {
  return `${JSON.stringify(planJsonSchema(registries), null, 2)}\n`;
}
