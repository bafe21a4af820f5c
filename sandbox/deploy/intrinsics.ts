import { IntrinsicError } from "./errors.ts";
import type { Made } from "./resource.ts";
import type { Template } from "./template.ts";

/** What intrinsic functions of a template see. */
export interface Scope {
  template: Template;
  parameters: Record<string, unknown>;
  pseudo: Record<string, unknown>;
  /** Resources made so far. */
  made: Map<string, Made>;
  /** Exports of other stacks. */
  exports: Map<string, unknown>;
  zones: string[];
  /** Conditions that are being evaluated, to notice one that names itself. */
  evaluating?: Set<string>;
}

/** Stands for AWS::NoValue: the property is as if it were not written. */
const NO_VALUE = Symbol("AWS::NoValue");

/**
 * A template's value with its intrinsic functions replaced
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html).
 */
export function resolveValue(value: unknown, scope: Scope): unknown {
  const result = evaluate(value, scope);
  return result === NO_VALUE ? undefined : result;
}

function evaluate(value: unknown, scope: Scope): unknown {
  if (typeof value === "string") {
    if (/\{\{resolve:/.test(value))
      throw new IntrinsicError(`dynamic references are not implemented by the sandbox: ${value}`);
    return value;
  }
  if (Array.isArray(value))
    return value.map((each) => evaluate(each, scope)).filter((each) => each !== NO_VALUE);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (
    entries.length === 1 &&
    first &&
    (first[0] === "Ref" || first[0] === "Condition" || first[0].startsWith("Fn::"))
  ) {
    const [name, argument] = first;
    // A policy's statement has a member Condition too; there it is an object.
    if (name !== "Condition" || typeof argument === "string") {
      const intrinsic = INTRINSICS[name];
      if (!intrinsic) throw new IntrinsicError(`${name} is not implemented by the sandbox`);
      return intrinsic(argument, scope);
    }
  }
  return Object.fromEntries(
    entries.map(([key, each]) => [key, evaluate(each, scope)]).filter(([, each]) => each !== NO_VALUE),
  );
}

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

const list = (argument: unknown, scope: Scope, name: string): unknown[] => {
  const values = evaluate(argument, scope);
  if (!Array.isArray(values))
    throw new IntrinsicError(`${name} needs a list, not ${JSON.stringify(argument)}`);
  return values;
};

const INTRINSICS: Record<string, Intrinsic> = {
  Ref: (name, scope) => reference(String(name), scope),
  Condition: (name, scope) => condition(String(name), scope),
  "Fn::GetAtt": (argument, scope) => {
    const [logicalId, ...path] = Array.isArray(argument) ? argument.map(String) : String(argument).split(".");
    return attribute(logicalId!, path.join("."), scope);
  },
  "Fn::Join": (argument, scope) => {
    const [delimiter, values] = argument as [string, unknown];
    return list(values, scope, "Fn::Join").map(String).join(delimiter);
  },
  "Fn::Sub": (argument, scope) => substitute(argument, scope),
  "Fn::Select": (argument, scope) => {
    const [index, values] = argument as [unknown, unknown];
    const at = Number(evaluate(index, scope));
    const all = list(values, scope, "Fn::Select");
    if (!(at in all)) throw new IntrinsicError(`Fn::Select has no item ${at} in a list of ${all.length}`);
    return all[at];
  },
  "Fn::Split": (argument, scope) => {
    const [delimiter, text] = argument as [string, unknown];
    return String(evaluate(text, scope)).split(delimiter);
  },
  "Fn::If": (argument, scope) => {
    const [name, yes, no] = argument as [string, unknown, unknown];
    return evaluate(condition(name, scope) ? yes : no, scope);
  },
  "Fn::Equals": (argument, scope) => {
    const [a, b] = list(argument, scope, "Fn::Equals");
    return String(a) === String(b);
  },
  "Fn::Not": (argument, scope) => !list(argument, scope, "Fn::Not")[0],
  "Fn::And": (argument, scope) => list(argument, scope, "Fn::And").every(Boolean),
  "Fn::Or": (argument, scope) => list(argument, scope, "Fn::Or").some(Boolean),
  "Fn::FindInMap": (argument, scope) => {
    const [map, top, second] = (argument as unknown[])
      .slice(0, 3)
      .map((each) => String(evaluate(each, scope))) as [string, string, string];
    const found = scope.template.Mappings?.[map]?.[top]?.[second];
    if (found !== undefined) return found;
    const fallback = (argument as unknown[])[3] as { DefaultValue?: unknown } | undefined;
    if (fallback?.DefaultValue !== undefined) return evaluate(fallback.DefaultValue, scope);
    throw new IntrinsicError(`Fn::FindInMap finds nothing at ${map}.${top}.${second}`);
  },
  "Fn::ImportValue": (argument, scope) => {
    const name = String(evaluate(argument, scope));
    if (!scope.exports.has(name))
      throw new IntrinsicError(`No stack in the sandbox exports ${name}. Deploy the one that does first`);
    return scope.exports.get(name);
  },
  "Fn::GetAZs": (_, scope) => scope.zones,
  "Fn::Base64": (argument, scope) => Buffer.from(String(evaluate(argument, scope))).toString("base64"),
  "Fn::ToJsonString": (argument, scope) => JSON.stringify(evaluate(argument, scope)),
  "Fn::Length": (argument, scope) => list(argument, scope, "Fn::Length").length,
};

function reference(name: string, scope: Scope): unknown {
  if (name === "AWS::NoValue") return NO_VALUE;
  if (name in scope.pseudo) return scope.pseudo[name];
  if (name in scope.parameters) return scope.parameters[name];
  const made = scope.made.get(name);
  if (made) return made.physicalId;
  throw new IntrinsicError(`Ref ${name} names no parameter and no resource of the template`);
}

function attribute(logicalId: string, path: string, scope: Scope): unknown {
  const made = scope.made.get(logicalId);
  if (!made) throw new IntrinsicError(`Fn::GetAtt ${logicalId}.${path} names no resource of the template`);
  if (!(path in made.attributes))
    throw new IntrinsicError(
      `Fn::GetAtt ${logicalId}.${path} is not implemented by the sandbox, which knows ${Object.keys(made.attributes).join(", ") || "no attribute"} of it`,
    );
  return made.attributes[path];
}

function condition(name: string, scope: Scope): boolean {
  const expression = scope.template.Conditions?.[name];
  if (expression === undefined) throw new IntrinsicError(`The template has no condition ${name}`);
  if (scope.evaluating?.has(name)) throw new IntrinsicError(`The condition ${name} depends on itself`);
  return Boolean(
    evaluate(expression, { ...scope, evaluating: new Set([...(scope.evaluating ?? []), name]) }),
  );
}

/** Whether a resource or output with this condition is wanted. */
export function holds(name: string | undefined, scope: Scope): boolean {
  return name === undefined || condition(name, scope);
}

/** `${Name}`, `${Logical.Attribute}`, `${!Literal}` */
function substitute(argument: unknown, scope: Scope): string {
  const [text, variables] = Array.isArray(argument)
    ? (argument as [string, Record<string, unknown>])
    : [String(argument), {}];
  return text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (name in variables) return String(evaluate(variables[name], scope));
    const dot = name.indexOf(".");
    return String(
      dot < 0 ? reference(name, scope) : attribute(name.slice(0, dot), name.slice(dot + 1), scope),
    );
  });
}

/** The logical ids a value refers to, for the order of creation; both branches of an Fn::If count. */
export function referencesIn(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const each of value) referencesIn(each, found);
  else if (typeof value === "object" && value !== null) {
    for (const [key, each] of Object.entries(value)) {
      if (key === "Ref" && typeof each === "string") found.add(each);
      else if (key === "Fn::GetAtt")
        found.add(Array.isArray(each) ? String(each[0]) : String(each).split(".")[0]!);
      else if (key === "Fn::Sub") {
        const text = Array.isArray(each) ? String(each[0]) : String(each);
        for (const [, name] of text.matchAll(/\$\{([^!}][^}]*)\}/g)) found.add(name!.split(".")[0]!);
        if (Array.isArray(each)) referencesIn(each[1], found);
      } else referencesIn(each, found);
    }
  }
  return found;
}
