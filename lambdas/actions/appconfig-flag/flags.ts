import { isDeepStrictEqual } from "node:util";
import { refusal } from "../../runtime/errors.ts";

type Values = Record<string, unknown>;

interface Constraints {
  type?: string;
  enum?: unknown[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  elements?: Constraints;
}

/** What AppConfig keeps of feature flags: https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-type-reference-feature-flags.html */
interface FlagSet {
  flags?: Record<string, { attributes?: Record<string, { constraints?: Constraints }> }>;
  values?: Record<string, Values>;
}

/** What is asked of a flag. */
export interface Wanted {
  flag: string;
  enabled?: boolean | undefined;
  set: Values;
  add: Record<string, (string | number)[]>;
}

function breach(value: unknown, rule: Constraints): string | undefined {
  if (Array.isArray(value))
    return rule.type === "array" || rule.type === undefined
      ? value.map((each) => breach(each, rule.elements ?? {})).find(Boolean)
      : `must be a ${rule.type}`;
  if (rule.type !== undefined && typeof value !== rule.type) return `must be a ${rule.type}`;
  if (rule.enum && !rule.enum.includes(value)) return `must be one of ${rule.enum.join(", ")}`;
  if (rule.pattern !== undefined && !new RegExp(rule.pattern).test(String(value)))
    return `must match ${rule.pattern}`;
  if (rule.minimum !== undefined && Number(value) < rule.minimum) return `must be ${rule.minimum} or more`;
  if (rule.maximum !== undefined && Number(value) > rule.maximum) return `must be ${rule.maximum} or less`;
  return undefined;
}

function parse(content: string): FlagSet {
  try {
    const value: unknown = JSON.parse(content);
    if (typeof value === "object" && value !== null && "flags" in value) return value as FlagSet;
  } catch {
    // No JSON: refused below.
  }
  throw refusal(
    "The deployed configuration holds no feature flags. Nothing was changed. Name a profile of the type AWS.AppConfig.FeatureFlags.",
  );
}

const text = (value: unknown) => JSON.stringify(value) ?? "nothing";

/**
 * A flag set with one flag changed as wanted; everything else stays byte for byte what it means. Pure. `lines` say what
 * is different, from → to; none: the flag is as wanted already.
 */
export function changedFlags(content: string, wanted: Wanted): { content: string; lines: string[] } {
  const document = parse(content);
  const { flag, set, add } = wanted;
  const definition = document.flags?.[flag];
  if (!definition)
    throw refusal(
      `There is no flag "${flag}" among ${Object.keys(document.flags ?? {}).join(", ") || "none"}. Nothing was changed. Correct the plan.`,
    );
  const was = document.values?.[flag] ?? {};
  const given = Object.keys(set).length + Object.keys(add).length > 0;
  const enabled = wanted.enabled ?? (given ? undefined : false);
  if ("_variants" in was && given)
    throw refusal(
      `The flag "${flag}" has variants, whose attributes this step does not change. Nothing was changed. Switch it off instead.`,
    );
  const added = Object.entries(add).map(([name, values]) => {
    const now = was[name] ?? [];
    if (!Array.isArray(now)) throw wrong(flag, name, "is no list that something could be added to");
    return [name, [...new Set([...now, ...values])]];
  });
  const attributes: Values = { ...set, ...Object.fromEntries(added) };
  for (const [name, value] of Object.entries(attributes)) {
    const attribute = definition.attributes?.[name];
    if (!attribute) throw wrong(flag, name, "is not one of its attributes");
    const reason = breach(value, attribute.constraints ?? {});
    if (reason) throw wrong(flag, name, reason);
  }
  const variants = was["_variants"] as Values[] | undefined;
  const value: Values = {
    ...was,
    ...attributes,
    ...(enabled === undefined
      ? {}
      : variants
        ? { _variants: variants.map((variant) => ({ ...variant, enabled })) }
        : { enabled }),
  };
  const lines = Object.keys(value)
    .filter((name) => !isDeepStrictEqual(was[name], value[name]))
    .map((name) =>
      name === "_variants"
        ? `enabled of every variant → ${text(enabled)}`
        : `${name} ${text(was[name])} → ${text(value[name])}`,
    );
  return {
    content: JSON.stringify({ ...document, values: { ...document.values, [flag]: value } }),
    lines,
  };
}

/** A flag set in which one flag has the value that it has in another one. Pure. */
export function withFlagOf(content: string, other: string, flag: string): string {
  const document = parse(content);
  const { [flag]: _, ...rest } = document.values ?? {};
  const value = parse(other).values?.[flag];
  return JSON.stringify({
    ...document,
    values: { ...rest, ...(value === undefined ? {} : { [flag]: value }) },
  });
}

const wrong = (flag: string, name: string, reason: string) =>
  refusal(`Attribute "${name}" of flag "${flag}" ${reason}. Nothing was changed. Correct the plan.`);
