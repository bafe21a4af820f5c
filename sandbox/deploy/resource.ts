import type { World } from "../world.ts";

/** Resolved properties of a template's resource. */
export type Properties = Record<string, unknown>;

/** What a resource is after it was made: what Ref and Fn::GetAtt give. */
export interface Made {
  /** What `Ref` gives. */
  physicalId: string;
  /** What `Fn::GetAtt` gives. */
  attributes: Record<string, unknown>;
}

export interface ResourceContext {
  world: World;
  stackName: string;
  logicalId: string;
  /** Calls AWS as the administrator, as CloudFormation's execution role may do everything. */
  call<Output = Record<string, unknown>>(service: string, operation: string, input: object): Promise<Output>;
  /** A name as CloudFormation makes them, `<stack>-<logical id>-<random>`, within `longest` characters. */
  physicalName(longest: number, style?: { lower?: boolean; pathless?: boolean }): string;
}

/**
 * One CloudFormation resource type, one file: which properties it has here, and how it is made. A property that is
 * in neither list is refused before anything is created.
 */
export interface ResourceType {
  /** Properties that have their effect. */
  uses: readonly string[];
  /** Properties that are accepted and do nothing in the sandbox; said once in its log. */
  records?: readonly string[];
  create(properties: Properties, context: ResourceContext): Promise<Made>;
  /** Changes it in place; without it, or when a property of `replacedBy` changes, it is made anew. */
  update?(
    properties: Properties,
    context: ResourceContext,
    before: { made: Made; properties: Properties },
  ): Promise<Made>;
  /** Properties whose change makes a new resource. */
  replacedBy?: readonly string[];
  /** Removes what `create` made; without it the resource is left where it is. */
  delete?(made: Made, context: ResourceContext, properties: Properties): Promise<void>;
}

/** Ties a resource type's members together; returns it unchanged. */
export function resourceType(definition: ResourceType): ResourceType {
  return definition;
}

/** `{Key: …}` pairs of CloudFormation → a record. */
export function tagRecord(tags: unknown): Record<string, string> | undefined {
  if (!Array.isArray(tags) || tags.length === 0) return undefined;
  return Object.fromEntries(
    (tags as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, String(Value)]),
  );
}

/** Templates may write numbers as text. */
export function number(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value);
}

/** Templates may write booleans as text. */
export function boolean(value: unknown): boolean | undefined {
  return value === undefined ? undefined : value === true || value === "true";
}

/** Without the members that are undefined. */
export function defined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Value;
}

/** A policy document as the APIs take it. */
export function policyText(document: unknown): string {
  return typeof document === "string" ? document : JSON.stringify(document);
}
