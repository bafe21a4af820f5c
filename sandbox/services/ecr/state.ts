import { createHash } from "node:crypto";
import { type Call, ServiceException } from "../../service.ts";
import { stateOf, type World } from "../../world.ts";

/** An image: a manifest, and the tags that name it. */
export interface Image {
  /** `sha256:` and the manifest's hash. */
  digest: string;
  manifest: string;
  mediaType: string;
  /** Oldest first. */
  tags: string[];
  pushedAt: number;
}

export interface Repository {
  name: string;
  arn: string;
  uri: string;
  immutable: boolean;
  createdAt: number;
  /** By digest. */
  images: Map<string, Image>;
}

export const repositories = stateOf(() => new Map<string, Repository>());

export const repositoryArn = (world: World, name: string | undefined) =>
  world.arn("ecr", `repository/${name}`);

/** What an action on a repository needs. */
export const onRepository = (action: string, { world }: Call, name: string | undefined) => [
  { action: `ecr:${action}`, resources: [repositoryArn(world, name)] },
];

/** The registry's host, as image names carry it. */
export const registryHost = (world: World) => `${world.account}.dkr.ecr.${world.region}.amazonaws.com`;

export const digestOf = (manifest: string) => `sha256:${createHash("sha256").update(manifest).digest("hex")}`;

export function repositoryNamed(world: World, name: string | undefined): Repository {
  const found = repositories(world).get(name ?? "");
  if (!found)
    throw new ServiceException(
      "RepositoryNotFoundException",
      `The repository with name '${name}' does not exist in the registry with id '${world.account}'`,
    );
  return found;
}

/** The image that an id (a digest or a tag, or both when they agree) names. */
export function imageOf(
  repository: Repository,
  id: { imageDigest?: string | undefined; imageTag?: string | undefined },
): Image | undefined {
  const tagged = [...repository.images.values()].find(({ tags }) => tags.includes(id.imageTag ?? ""));
  if (!id.imageDigest) return tagged;
  const found = repository.images.get(id.imageDigest);
  return id.imageTag === undefined || found === tagged ? found : undefined;
}

/** The image behind a name such as `<registry>/<repository>:<tag>` or `…@sha256:…`; undefined when there is none. */
export function imageNamed(world: World, name: string): Image | undefined {
  const prefix = `${registryHost(world)}/`;
  if (!name.startsWith(prefix)) return undefined;
  const [, repository = "", imageTag, imageDigest] =
    /^([^:@]+)(?::([^@]+))?(?:@(.+))?$/.exec(name.slice(prefix.length)) ?? [];
  const found = repositories(world).get(repository);
  return found && imageOf(found, { imageDigest, imageTag: imageDigest ? undefined : (imageTag ?? "latest") });
}
