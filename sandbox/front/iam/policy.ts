/** IAM's policy language, compiled once: a statement becomes tests on action, resource, principal and context. */

/** A policy as JSON has it. */
export interface PolicyDocument {
  Statement?: PolicyStatement | PolicyStatement[];
}
export interface PolicyStatement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Principal?: "*" | Record<string, string | string[]>;
  NotPrincipal?: unknown;
  Condition?: Record<string, Record<string, string | string[] | boolean | number>>;
}

/** Condition keys of a request, names in lower case. */
export type RequestContext = Map<string, string[]>;

export interface CompiledStatement {
  effect: "Allow" | "Deny";
  principal: PolicyStatement["Principal"];
  matches(action: string, resource: string, context: RequestContext): boolean;
}

const list = <Value>(value: Value | Value[] | undefined): Value[] =>
  value === undefined ? [] : ([value].flat() as Value[]);

/** A glob of IAM (`*`, `?`) as a regular expression. Variables `${…}` must be filled in before. */
export function glob(pattern: string, flags = ""): RegExp {
  const body = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${body}$`, `${flags}s`);
}

/** Fills in policy variables; an unknown one makes the pattern match nothing. */
function substitute(pattern: string, context: RequestContext): string | undefined {
  let known = true;
  const text = pattern.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    if (name === "*" || name === "?" || name === "$") return name;
    const value = context.get(name.split(",")[0]!.trim().toLowerCase())?.[0];
    if (value === undefined) known = false;
    return value ?? "";
  });
  return known ? text : undefined;
}

function resourceTest(patterns: string[]): (resource: string, context: RequestContext) => boolean {
  const tests = patterns.map((pattern) => {
    if (!pattern.includes("${")) {
      const fixed = glob(pattern);
      return (resource: string) => fixed.test(resource);
    }
    return (resource: string, context: RequestContext) => {
      const filled = substitute(pattern, context);
      return filled !== undefined && glob(filled).test(resource);
    };
  });
  return (resource, context) => tests.some((test) => test(resource, context));
}

/** Compiles one document's statements. A condition operator that IAM does not have is an error, never a pass. */
export function compilePolicy(document: PolicyDocument): CompiledStatement[] {
  return list(document.Statement).map((statement) => {
    const actions = list(statement.Action).map((action) => glob(action, "i"));
    const notActions = list(statement.NotAction).map((action) => glob(action, "i"));
    const inResources = resourceTest(list(statement.Resource));
    const notInResources = resourceTest(list(statement.NotResource));
    const conditions = Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => condition(operator, key, list(values).flat().map(String))),
    );
    return {
      effect: statement.Effect,
      principal: statement.Principal,
      matches: (action, resource, context) =>
        (statement.NotAction
          ? !notActions.some((each) => each.test(action))
          : actions.some((each) => each.test(action))) &&
        (statement.NotResource
          ? !notInResources(resource, context)
          : statement.Resource === undefined || inResources(resource, context)) &&
        conditions.every((each) => each(context)),
    };
  });
}

type Compare = (given: string, wanted: string) => boolean;

const COMPARISONS: Record<string, Compare> = {
  StringEquals: (given, wanted) => given === wanted,
  StringEqualsIgnoreCase: (given, wanted) => given.toLowerCase() === wanted.toLowerCase(),
  StringLike: (given, wanted) => glob(wanted).test(given),
  ArnEquals: (given, wanted) => glob(wanted).test(given),
  ArnLike: (given, wanted) => glob(wanted).test(given),
  NumericEquals: (given, wanted) => Number(given) === Number(wanted),
  NumericLessThan: (given, wanted) => Number(given) < Number(wanted),
  NumericLessThanEquals: (given, wanted) => Number(given) <= Number(wanted),
  NumericGreaterThan: (given, wanted) => Number(given) > Number(wanted),
  NumericGreaterThanEquals: (given, wanted) => Number(given) >= Number(wanted),
  DateEquals: (given, wanted) => Date.parse(given) === Date.parse(wanted),
  DateLessThan: (given, wanted) => Date.parse(given) < Date.parse(wanted),
  DateLessThanEquals: (given, wanted) => Date.parse(given) <= Date.parse(wanted),
  DateGreaterThan: (given, wanted) => Date.parse(given) > Date.parse(wanted),
  DateGreaterThanEquals: (given, wanted) => Date.parse(given) >= Date.parse(wanted),
  Bool: (given, wanted) => given.toLowerCase() === wanted.toLowerCase(),
  BinaryEquals: (given, wanted) => given === wanted,
  IpAddress: inRange,
};

const NEGATED: Record<string, string> = {
  StringNotEquals: "StringEquals",
  StringNotEqualsIgnoreCase: "StringEqualsIgnoreCase",
  StringNotLike: "StringLike",
  ArnNotEquals: "ArnEquals",
  ArnNotLike: "ArnLike",
  NumericNotEquals: "NumericEquals",
  DateNotEquals: "DateEquals",
  NotIpAddress: "IpAddress",
};

function inRange(given: string, range: string): boolean {
  const number = (ip: string) => ip.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const [base = "", bits = "32"] = range.split("/");
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(given) / size) === Math.floor(number(base) / size);
}

/**
 * One condition (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
 * A missing key: false for positive operators, true for negated ones, true for `…IfExists` and for `ForAllValues`.
 */
function condition(operator: string, key: string, wanted: string[]): (context: RequestContext) => boolean {
  const [, set, name = "", ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  const lower = key.toLowerCase();
  if (name === "Null")
    return (context) => (context.has(lower) ? "false" : "true") === wanted[0]?.toLowerCase();
  const negated = NEGATED[name];
  const compare = COMPARISONS[negated ?? name];
  if (!compare) throw new Error(`The sandbox's IAM knows no condition operator ${operator}`);
  return (context) => {
    const given = context.get(lower);
    if (given === undefined || given.length === 0)
      return Boolean(ifExists) || set === "ForAllValues" || (negated !== undefined && set !== "ForAnyValue");
    const values = wanted.map((each) => substitute(each, context)).filter((each) => each !== undefined);
    const one = (value: string) => {
      const found = values.some((each) => compare(value, each));
      return negated ? !found : found;
    };
    return set === "ForAnyValue"
      ? given.some(one)
      : set === "ForAllValues"
        ? given.every(one)
        : one(given[0]!);
  };
}
