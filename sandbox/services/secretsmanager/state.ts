import { ServiceException } from "../../service.ts";
import { randomId, stateOf, type World } from "../../world.ts";

/** One version of a secret. */
export interface SecretVersion {
  id: string;
  string: string | undefined;
  binary: Uint8Array | undefined;
  createdAt: number;
  lastAccessedAt: number | undefined;
  stages: Set<string>;
}

export interface Secret {
  name: string;
  arn: string;
  description: string | undefined;
  kmsKeyId: string | undefined;
  createdAt: number;
  changedAt: number;
  accessedAt: number | undefined;
  deletedAt: number | undefined;
  /** Days between the request and the deletion. */
  recoveryDays: number;
  /** Oldest first. */
  versions: SecretVersion[];
  tags: { Key: string; Value: string }[] | undefined;
  policy: string | undefined;
  rotation:
    | {
        lambdaArn: string;
        rules: { AutomaticallyAfterDays?: number; Duration?: string; ScheduleExpression?: string };
        enabled: boolean;
        rotatedAt: number | undefined;
      }
    | undefined;
}

/** Secrets by name. */
export const secretsState = stateOf(() => new Map<string, Secret>());

const DAY = 86_400_000;

/** Refuses what can be no secret's name; an ARN passes. */
export function requireName(id: string | undefined): string {
  if (id === undefined || (!id.startsWith("arn:") && !/^[\w/+=.@!-]{1,512}$/.test(id)))
    throw new ServiceException(
      "ValidationException",
      "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
    );
  return id;
}

/**
 * The secret by name, full ARN or ARN without its random end, deleted or not. An ARN that ends like a full one is taken
 * for one, so a secret whose own name ends in a hyphen and six characters is not found by the short form.
 */
export function findSecret(world: World, id: string): Secret | undefined {
  purge(world);
  const secrets = secretsState(world);
  if (!id.startsWith("arn:")) return secrets.get(id);
  const full = /-[A-Za-z0-9]{6}$/.test(id);
  return [...secrets.values()].find(({ arn }) => (full ? arn : arn.slice(0, -7)) === id);
}

/** The secret that a request names. Deleted ones only when asked for. */
export function secretNamed(world: World, id: string | undefined, deletedToo = false): Secret {
  const secret = findSecret(world, requireName(id));
  if (!secret)
    throw new ServiceException(
      "ResourceNotFoundException",
      "Secrets Manager can't find the specified secret.",
    );
  if (secret.deletedAt !== undefined && !deletedToo)
    throw new ServiceException(
      "InvalidRequestException",
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  return secret;
}

/** Forgets secrets whose recovery window is over. */
function purge(world: World): void {
  const secrets = secretsState(world);
  for (const [name, { deletedAt, recoveryDays }] of secrets)
    if (deletedAt !== undefined && world.clock.now() - deletedAt > recoveryDays * DAY) secrets.delete(name);
}

export const newArn = (world: World, name: string) =>
  world.arn(
    "secretsmanager",
    `secret:${name}-${randomId(6, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")}`,
  );

/** What IAM asks about: the full ARN of a secret that exists, else its pattern. */
export function resourceArn(world: World, id: string | undefined): string {
  return (
    findSecret(world, id ?? "")?.arn ??
    (id?.startsWith("arn:") ? id : world.arn("secretsmanager", `secret:${id ?? "*"}-??????`))
  );
}

/** Labels in the order AWS gives them. */
export const stagesOf = (version: SecretVersion): string[] => [...version.stages].toSorted();

/** The version that holds a label. */
export const holderOf = (secret: Secret, stage: string) =>
  secret.versions.find(({ stages }) => stages.has(stage));
