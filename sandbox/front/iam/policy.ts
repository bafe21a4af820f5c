import { condition } from "./condition.ts";
import { pattern, type RequestContext } from "./pattern.ts";

/** A policy as JSON has it. */
export interface PolicyDocument {
  Version?: string;
  Statement?: PolicyStatement | PolicyStatement[];
}

export type PolicyPrincipal = "*" | Record<string, string | string[]>;

export interface PolicyStatement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Principal?: PolicyPrincipal;
  NotPrincipal?: PolicyPrincipal;
  Condition?: Record<string, Record<string, string | string[] | boolean | number>>;
}

/** A statement as tests; the action's test comes apart, because its outcome can be remembered. */
export interface CompiledStatement {
  effect: "Allow" | "Deny";
  principal: PolicyPrincipal | undefined;
  notPrincipal: PolicyPrincipal | undefined;
  hasAction(action: string): boolean;
  holds(resource: string, context: RequestContext): boolean;
}

const list = <Value>(value: Value | Value[] | undefined): Value[] =>
  value === undefined ? [] : ([value].flat() as Value[]);

/** Compiles a document's statements. What IAM does not know is an error, never a pass. */
export function compilePolicy(document: PolicyDocument): CompiledStatement[] {
  return list(document.Statement).map((statement) => {
    if (statement.Effect !== "Allow" && statement.Effect !== "Deny")
      throw new Error(`A statement's Effect is Allow or Deny, not ${JSON.stringify(statement.Effect)}`);
    const actions = list(statement.Action ?? statement.NotAction).map((each) => pattern(each, "i"));
    const resources = list(statement.Resource ?? statement.NotResource).map((each) => pattern(each));
    const conditions = Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => condition(operator, key, [values].flat().map(String))),
    );
    const none: RequestContext = new Map();
    const someAction = (action: string) => actions.some((each) => each(action, none) === true);
    const notResource = statement.NotResource !== undefined;
    // A variable without a value makes the statement apply to nothing, NotResource included.
    const someResource = (resource: string, context: RequestContext) =>
      notResource
        ? resources.every((each) => each(resource, context) === false)
        : resources.some((each) => each(resource, context) === true);
    const notAction = statement.Action === undefined;
    // Trust policies and some resource policies name no resource: they are about the one they sit on.
    const anyResource = statement.Resource === undefined && !notResource;
    return {
      effect: statement.Effect,
      principal: statement.Principal,
      notPrincipal: statement.NotPrincipal,
      hasAction: (action) => someAction(action) !== notAction,
      holds: (resource, context) =>
        (anyResource || someResource(resource, context)) && conditions.every((each) => each(context)),
    };
  });
}

interface Compiled {
  statements: CompiledStatement[];
  byAction: Map<string, CompiledStatement[]>;
}

const compiled = new WeakMap<object, Compiled>();

/**
 * The statements of a document that are about an action. Documents are compiled when first asked for, and which
 * statements an action concerns is remembered; whoever changes a policy puts a new document in its place.
 */
export function statementsFor(document: PolicyDocument, action: string): CompiledStatement[] {
  let known = compiled.get(document);
  if (!known) {
    known = { statements: compilePolicy(document), byAction: new Map() };
    compiled.set(document, known);
  }
  let found = known.byAction.get(action);
  if (!found) {
    found = known.statements.filter((each) => each.hasAction(action));
    known.byAction.set(action, found);
  }
  return found;
}
