import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { randomId, type World } from "../world.ts";
import { readStack } from "./cdk-out.ts";
import { ResourceFailed, TemplateRefused } from "./errors.ts";
import { holds, resolveValue, type Scope } from "./intrinsics.ts";
import { cycleIn, dependenciesOf, inOrder } from "./order.ts";
import type { Made, Properties, ResourceContext, ResourceType } from "./resource.ts";
import { resourceTypes } from "./resources/index.ts";
import { type DeployedStack, stackState } from "./stacks.ts";
import type { TemplateResource } from "./template.ts";

/** Version of the CDK's bootstrap stack that templates ask for in their SSM parameter. */
const BOOTSTRAP_VERSION = "30";

/** What a deployment left. */
export interface Deployed {
  stackName: string;
  outputs: Record<string, string>;
  resources: Record<string, { type: string; physicalId: string; attributes: Record<string, unknown> }>;
}

/**
 * Deploys one synthesized stack, or updates it: each resource through the services' own operations, in the order of
 * its dependencies. A template with a type or property the sandbox does not have is refused before anything is made.
 */
export async function deployTemplate(
  world: World,
  options: { cdkOut: string; stackName?: string | undefined },
): Promise<Deployed> {
  const { name, template, parameters } = readStack(world, options.cdkOut, options.stackName);
  const state = stackState(world);
  const known = state.stacks.get(name);
  const stack: DeployedStack = known ?? {
    name,
    id: world.arn("cloudformation", `stack/${name}/${randomUUID()}`),
    resources: new Map(),
    outputs: {},
    exports: [],
  };
  const scope: Scope = {
    template,
    parameters: parametersOf(template.Parameters ?? {}, parameters),
    pseudo: {
      "AWS::AccountId": world.account,
      "AWS::Region": world.region,
      "AWS::Partition": "aws",
      "AWS::URLSuffix": "amazonaws.com",
      "AWS::StackName": name,
      "AWS::StackId": stack.id,
      "AWS::NotificationARNs": [],
    },
    made: new Map(),
    exports: state.exports,
    zones: ["a", "b", "c"].map((zone) => world.region + zone),
  };
  const wanted = Object.fromEntries(
    Object.entries(template.Resources ?? {}).filter(([, resource]) => holds(resource.Condition, scope)),
  );
  const dependencies = dependenciesOf(wanted);
  const problems = problemsOf(wanted);
  const cycle = cycleIn(dependencies);
  if (cycle) problems.push(`Circular dependency between resources: ${cycle}`);
  if (problems.length > 0) throw new TemplateRefused(name, problems);

  sayRecorded(world, wanted);
  state.stacks.set(name, stack);
  const replaced: (() => Promise<void>)[] = [];
  await inOrder(dependencies, (logicalId) =>
    place(world, stack, scope, logicalId, wanted[logicalId]!, replaced),
  );
  // What is replaced or gone from the template goes last, newest first, as CloudFormation cleans up.
  for (const remove of replaced) await remove();
  for (const [logicalId, old] of [...stack.resources].reverse()) {
    if (logicalId in wanted) continue;
    await remove(world, stack, logicalId, old.type, old.made, old.properties, old.retained);
    stack.resources.delete(logicalId);
  }
  setOutputs(stack, scope, state.exports);
  return {
    stackName: name,
    outputs: stack.outputs,
    resources: Object.fromEntries(
      [...stack.resources].map(([logicalId, { type, made }]) => [logicalId, { type, ...made }]),
    ),
  };
}

/** Makes one resource, changes it in place, replaces it, or leaves it as it is. */
async function place(
  world: World,
  stack: DeployedStack,
  scope: Scope,
  logicalId: string,
  resource: TemplateResource,
  replaced: (() => Promise<void>)[],
): Promise<void> {
  const type = resourceTypes[resource.Type]!;
  const context = contextOf(world, stack, logicalId);
  const old = stack.resources.get(logicalId);
  let properties: Properties = {};
  try {
    properties = (resolveValue(resource.Properties ?? {}, scope) ?? {}) as Properties;
    const made = await apply();
    scope.made.set(logicalId, made);
    stack.resources.set(logicalId, {
      type: resource.Type,
      properties,
      made,
      retained: resource.DeletionPolicy === "Retain" || resource.DeletionPolicy === "RetainExceptOnCreate",
    });
  } catch (error) {
    throw new ResourceFailed(old ? "updated" : "created", logicalId, resource.Type, properties, error);
  }

  async function apply(): Promise<Made> {
    const same = old?.type === resource.Type ? old : undefined;
    if (!same) return type.create(properties, context);
    if (isDeepStrictEqual(same.properties, properties)) return same.made;
    const moved = (type.replacedBy ?? []).some(
      (name) => !isDeepStrictEqual(same.properties[name], properties[name]),
    );
    if (type.update && !moved)
      return type.update(properties, context, { made: same.made, properties: same.properties });
    const made = await type.create(properties, context);
    if (made.physicalId !== same.made.physicalId)
      replaced.unshift(() =>
        remove(
          world,
          stack,
          logicalId,
          resource.Type,
          same.made,
          same.properties,
          resource.UpdateReplacePolicy === "Retain",
        ),
      );
    return made;
  }
}

async function remove(
  world: World,
  stack: DeployedStack,
  logicalId: string,
  typeName: string,
  made: Made,
  properties: Properties,
  retained: boolean,
): Promise<void> {
  const type = resourceTypes[typeName];
  if (retained || !type?.delete) {
    world.log(
      "deploy",
      `${logicalId} (${typeName}) left the stack ${stack.name} and was kept: ${made.physicalId}`,
    );
    return;
  }
  try {
    await type.delete(made, contextOf(world, stack, logicalId), properties);
  } catch (error) {
    throw new ResourceFailed("deleted", logicalId, typeName, properties, error);
  }
}

function contextOf(world: World, stack: DeployedStack, logicalId: string): ResourceContext {
  return {
    world,
    stackName: stack.name,
    logicalId,
    call: (service, operation, input) =>
      world.call({ service, operation, input, principal: { type: "admin" } }),
    physicalName: (longest, style = {}) => {
      const suffix = randomId(12);
      const room = longest - suffix.length - 2;
      const logical = logicalId.slice(0, Math.max(Math.floor(room / 2), room - stack.name.length));
      const full = `${stack.name.slice(0, room - logical.length)}-${logical}-${suffix}`;
      return style.lower ? full.toLowerCase() : full;
    },
  };
}

/** Every type and property of the template that the sandbox does not have. */
function problemsOf(resources: Record<string, TemplateResource>): string[] {
  return Object.entries(resources).flatMap(([logicalId, { Type, Properties: properties }]) => {
    const type: ResourceType | undefined = resourceTypes[Type];
    if (!type) return [`${logicalId}: the type ${Type} is not implemented by the sandbox`];
    return Object.keys(properties ?? {})
      .filter((name) => !type.uses.includes(name) && !type.records?.includes(name))
      .map((name) => `${logicalId} (${Type}): the property ${name} is not implemented by the sandbox`);
  });
}

/** Properties that are accepted without effect are said, once each. */
function sayRecorded(world: World, resources: Record<string, TemplateResource>): void {
  for (const { Type, Properties: properties } of Object.values(resources))
    for (const name of Object.keys(properties ?? {}))
      if (Type !== "AWS::CDK::Metadata" && resourceTypes[Type]?.records?.includes(name))
        world.warnOnce(`${Type}.${name} is accepted and has no effect in the sandbox`);
}

function parametersOf(
  declared: Record<string, { Type: string; Default?: unknown }>,
  given: Record<string, string>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(declared).map(([name, { Type, Default }]) => {
      const value = given[name] ?? Default;
      if (Type.startsWith("AWS::SSM::Parameter::Value"))
        return [name, String(value).startsWith("/cdk-bootstrap/") ? BOOTSTRAP_VERSION : value];
      return [name, /^(List<|CommaDelimitedList)/.test(Type) ? String(value ?? "").split(",") : value];
    }),
  );
}

function setOutputs(stack: DeployedStack, scope: Scope, exports: Map<string, unknown>): void {
  for (const name of stack.exports) exports.delete(name);
  stack.exports = [];
  stack.outputs = {};
  for (const [name, output] of Object.entries(scope.template.Outputs ?? {})) {
    if (!holds(output.Condition, scope)) continue;
    const value = resolveValue(output.Value, scope);
    stack.outputs[name] = String(value);
    if (!output.Export) continue;
    const exported = String(resolveValue(output.Export.Name, scope));
    exports.set(exported, value);
    stack.exports.push(exported);
  }
}
