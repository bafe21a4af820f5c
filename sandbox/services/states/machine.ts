import { type Authorization, ServiceException } from "../../service.ts";
import type { Machine } from "../../states/asl.ts";
import type { World } from "../../world.ts";
import { problemsOf } from "./definition.ts";
import { machineNamed, type Revision, type StateMachine } from "./state.ts";

/** A name for a machine, execution or activity: 1 to 80 characters, some forbidden. */
export function validName(name: string | undefined): string {
  if (!name || name.length > 80 || /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u.test(name))
    throw new ServiceException("InvalidName", `Invalid Name: '${name}'`);
  return name;
}

/** Parses and checks a definition; all problems are in one message, as AWS gives them. */
export function readDefinition(text: string | undefined): { definition: string; machine: Machine } {
  const definition = text ?? "";
  const problems = problemsOf(definition);
  if (problems.length > 0) {
    const said = problems
      .map(({ message, location }) => `SCHEMA_VALIDATION_FAILED: ${message} at ${location}`)
      .join(", ");
    throw new ServiceException("InvalidDefinition", `Invalid State Machine Definition: '${said}'`);
  }
  return { definition, machine: JSON.parse(definition) as Machine };
}

/** Freezes the machine's present state as a version; the same revision twice gives the same version. */
export function publishVersion(world: World, machine: StateMachine, description: string | undefined): string {
  for (const [number, version] of machine.versions)
    if (version.revisionId === machine.revisionId) return `${machine.arn}:${number}`;
  const number = machine.nextVersion++;
  const { definition, machine: parsed, roleArn, revisionId } = machine;
  machine.versions.set(number, {
    definition,
    machine: parsed,
    roleArn,
    revisionId,
    description,
    createdAt: world.clock.now(),
  });
  return `${machine.arn}:${number}`;
}

/** What an ARN runs: the machine itself, a version, or what an alias routes to (the heavier one first). */
export function revisionOf(world: World, arn: string): { revision: Revision; version: number | undefined } {
  const machine = machineNamed(world, arn);
  const qualifier = arn.split(":")[7];
  if (qualifier === undefined) {
    const { definition, machine: parsed, roleArn, revisionId } = machine;
    return { revision: { definition, machine: parsed, roleArn, revisionId }, version: undefined };
  }
  const alias = machine.aliases.get(qualifier);
  const number = alias
    ? Number(
        alias.routing
          .toSorted((left, right) => right.weight - left.weight)[0]!
          .stateMachineVersionArn.split(":")
          .at(-1),
      )
    : Number(qualifier);
  const revision = machine.versions.get(number);
  if (!revision)
    throw new ServiceException("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
  return { revision, version: number };
}

export function aliasNamed(world: World, arn: string | undefined) {
  const machine = machineNamed(world, arn);
  const name = arn!.split(":")[7] ?? "";
  const alias = machine.aliases.get(name);
  if (!alias)
    throw new ServiceException(
      "ResourceNotFound",
      `Request references a resource that does not exist: '${arn}'`,
    );
  return { machine, name, alias };
}

/** One or two versions whose weights make 100. */
export function routingOf(
  given: { stateMachineVersionArn?: string | undefined; weight?: number | undefined }[] | undefined,
) {
  const routing = (given ?? []).map(({ stateMachineVersionArn = "", weight = 0 }) => ({
    stateMachineVersionArn,
    weight,
  }));
  if (
    routing.length < 1 ||
    routing.length > 2 ||
    routing.reduce((sum, { weight }) => sum + weight, 0) !== 100
  )
    throw new ServiceException(
      "ValidationException",
      "Sum of routing configuration weights must equal 100 over one or two versions",
    );
  return routing;
}

export const passRole = (roleArn: string | undefined): Authorization[] =>
  roleArn
    ? [
        {
          action: "iam:PassRole",
          resources: [roleArn],
          context: { "iam:PassedToService": "states.amazonaws.com" },
        },
      ]
    : [];
