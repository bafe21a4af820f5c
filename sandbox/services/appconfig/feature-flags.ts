import { badRequest } from "./state.ts";

/** https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-type-reference-feature-flags.html */
export const FEATURE_FLAGS = "AWS.AppConfig.FeatureFlags";

type Scalar = string | number | boolean;

interface Constraints {
  type?: "string" | "number" | "boolean" | "array";
  required?: boolean;
  enum?: Scalar[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  elements?: Constraints;
}

interface FlagSet {
  version: string;
  flags?: Record<string, { name?: string; attributes?: Record<string, { constraints?: Constraints }> }>;
  values?: Record<string, Record<string, unknown>>;
}

/** What is wrong with one attribute's value; undefined when nothing is. */
function breach(value: unknown, rule: Constraints): string | undefined {
  if (rule.type === "array") {
    if (!Array.isArray(value)) return "is no array";
    return value.map((each) => breach(each, { ...rule.elements })).find(Boolean);
  }
  if (rule.type !== undefined && typeof value !== rule.type) return `is no ${rule.type}`;
  if (rule.enum && !rule.enum.includes(value as Scalar)) return `is none of ${rule.enum.join(", ")}`;
  if (rule.pattern !== undefined && !new RegExp(rule.pattern).test(String(value)))
    return `does not match ${rule.pattern}`;
  if (rule.minimum !== undefined && Number(value) < rule.minimum) return `is below ${rule.minimum}`;
  if (rule.maximum !== undefined && Number(value) > rule.maximum) return `is above ${rule.maximum}`;
  return undefined;
}

function flagSet(content: Uint8Array): FlagSet {
  try {
    return JSON.parse(Buffer.from(content).toString()) as FlagSet;
  } catch {
    throw badRequest("Invalid JSON in the feature flag data", { Reason: "InvalidConfiguration" });
  }
}

/** Refuses what AppConfig's built-in validator of feature flags refuses. Pure. */
export function validateFlags(content: Uint8Array): void {
  const { version, flags = {}, values = {} } = flagSet(content);
  const wrong = (reason: string) => badRequest(reason, { Reason: "InvalidConfiguration" });
  if (version !== "1") throw wrong(`Feature flag data has version ${version}, not "1"`);
  for (const [key, value] of Object.entries(values)) {
    const attributes = flags[key]?.attributes ?? {};
    if (!flags[key]) throw wrong(`Flag ${key} has a value and no definition`);
    const { enabled, _createdAt: _, _updatedAt: __, ...given } = value;
    if (enabled !== undefined && typeof enabled !== "boolean")
      throw wrong(`Flag ${key}: enabled is no boolean`);
    for (const [name, each] of Object.entries(given)) {
      if (!attributes[name]) throw wrong(`Flag ${key} has no attribute ${name}`);
      const reason = breach(each, attributes[name].constraints ?? {});
      if (reason) throw wrong(`Attribute ${name} of flag ${key} ${reason}`);
    }
    if (enabled)
      for (const [name, { constraints }] of Object.entries(attributes))
        if (constraints?.required && given[name] === undefined)
          throw wrong(`Flag ${key} is enabled without its required attribute ${name}`);
  }
}

/** What GetLatestConfiguration gives of a set of flags: the values, and attributes of enabled flags only. Pure. */
export function servedFlags(content: Uint8Array): Uint8Array {
  const { flags = {}, values = {} } = flagSet(content);
  const served = Object.keys(flags).map((key) => {
    const { enabled = false, _createdAt: _, _updatedAt: __, ...attributes } = values[key] ?? {};
    return [key, enabled ? { enabled, ...attributes } : { enabled: false }];
  });
  return Buffer.from(JSON.stringify(Object.fromEntries(served)));
}
