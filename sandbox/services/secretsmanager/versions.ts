import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { holderOf, type Secret, type SecretVersion, stagesOf } from "./state.ts";

const CURRENT = "AWSCURRENT";
const PREVIOUS = "AWSPREVIOUS";
const PENDING = "AWSPENDING";

/** Requires the token that makes the request repeatable; every official client sends one by itself. */
export function requireToken(token: string | undefined, code = "InvalidRequestException"): string {
  if (token === undefined || token === "")
    throw new ServiceException(
      code,
      "You must provide a ClientRequestToken value. We recommend a UUID-type value.",
    );
  if (token.length < 32 || token.length > 64)
    throw new ServiceException(
      "InvalidParameterException",
      "ClientRequestToken must be 32-64 characters long.",
    );
  return token;
}

/** Puts a label on a version and takes it from the one that had it. Moving AWSCURRENT moves AWSPREVIOUS along. */
export function moveLabel(secret: Secret, stage: string, to: SecretVersion): void {
  const from = holderOf(secret, stage);
  if (from === to) return;
  from?.stages.delete(stage);
  to.stages.add(stage);
  if (stage !== CURRENT || !from) return;
  holderOf(secret, PREVIOUS)?.stages.delete(PREVIOUS);
  from.stages.add(PREVIOUS);
}

/** The one value of a request; both kinds together are refused. */
export function requireOneValue(input: { SecretString?: unknown; SecretBinary?: unknown }): boolean {
  if (input.SecretString !== undefined && input.SecretBinary !== undefined)
    throw new ServiceException(
      "InvalidParameterException",
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  return input.SecretString !== undefined || input.SecretBinary !== undefined;
}

/** Whether a version holds just this value. */
export const hasSameValue = (
  version: SecretVersion,
  given: { string?: string | undefined; binary?: Uint8Array | undefined },
): boolean =>
  version.string === given.string &&
  Buffer.compare(version.binary ?? Buffer.alloc(0), given.binary ?? Buffer.alloc(0)) === 0;

/** Secrets Manager keeps about a hundred versions without a label, and all of the last day. */
function forgetDeprecated(world: World, secret: Secret): void {
  const deprecated = secret.versions.filter(({ stages }) => stages.size === 0);
  const dayAgo = world.clock.now() - 86_400_000;
  const gone = new Set(deprecated.slice(0, -100).filter(({ createdAt }) => createdAt < dayAgo));
  secret.versions = secret.versions.filter((version) => !gone.has(version));
}

/**
 * Adds a version with labels. The same token with the same content is the same version; with other content it is an
 * error. A version that loses AWSCURRENT this way loses AWSPENDING too.
 */
export function addVersion(
  world: World,
  secret: Secret,
  given: {
    token: string;
    string?: string | undefined;
    binary?: Uint8Array | undefined;
    stages?: string[] | undefined;
  },
): SecretVersion {
  const stages = given.stages ?? [CURRENT];
  let version = secret.versions.find(({ id }) => id === given.token);
  if (version) {
    // The version that a rotation has begun waits for its value.
    const same = !hasValue(version) || hasSameValue(version, given);
    if (!same)
      throw new ServiceException(
        "ResourceExistsException",
        "You can't use ClientRequestToken " +
          given.token +
          " because that value is already in use for a version of secret " +
          secret.arn +
          ".",
      );
    version.string = given.string;
    version.binary = given.binary;
  } else {
    version = {
      id: given.token,
      string: given.string,
      binary: given.binary,
      createdAt: world.clock.now(),
      lastAccessedAt: undefined,
      stages: new Set(),
    };
    secret.versions.push(version);
  }
  const old = holderOf(secret, CURRENT);
  for (const stage of secret.versions.length === 1 ? new Set([...stages, CURRENT]) : stages)
    moveLabel(secret, stage, version);
  if (stages.includes(CURRENT) && old && old !== version) old.stages.delete(PENDING);
  secret.changedAt = world.clock.now();
  forgetDeprecated(world, secret);
  return version;
}

/** False for the version that a rotation has begun and not yet filled. */
const hasValue = ({ string, binary }: SecretVersion) => string !== undefined || binary !== undefined;

/** The version a read asks for: by id, by label, or the current one; both must agree. */
export function findVersion(
  secret: Secret,
  versionId: string | undefined,
  stage: string | undefined,
): SecretVersion {
  const notFound = (what: string) =>
    new ServiceException(
      "ResourceNotFoundException",
      `Secrets Manager can't find the specified secret value for ${what}`,
    );
  if (versionId !== undefined) {
    const version = secret.versions.find(({ id }) => id === versionId);
    if (!version || !hasValue(version)) throw notFound(`VersionId: ${versionId}`);
    if (stage !== undefined && !version.stages.has(stage))
      throw new ServiceException(
        "InvalidRequestException",
        "You provided a VersionStage that is not associated to the provided VersionId.",
      );
    return version;
  }
  const version = holderOf(secret, stage ?? CURRENT);
  if (!version || !hasValue(version)) throw notFound(`staging label: ${stage ?? CURRENT}`);
  return version;
}

/** Version ids with their labels, only those that have one; undefined when there is none. */
export function labelled(secret: Secret): Record<string, string[]> | undefined {
  const entries = secret.versions
    .filter(({ stages }) => stages.size > 0)
    .map((version) => [version.id, stagesOf(version)]);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

export const day = (at: number | undefined) =>
  at === undefined ? undefined : new Date(Math.floor(at / 86_400_000) * 86_400_000);
