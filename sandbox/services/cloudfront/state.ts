import { ServiceException } from "../../service.ts";
import { randomId, stateOf, type World } from "../../world.ts";

export interface Invalidation {
  id: string;
  callerReference: string;
  paths: string[];
  /** Sandbox time, epoch milliseconds. */
  createdAt: number;
  completed: boolean;
}

export interface Distribution {
  id: string;
  /** `d….cloudfront.net` */
  domainName: string;
  aliases: string[];
  /** The S3 bucket that its one origin is. */
  bucket: string;
  enabled: boolean;
  createdAt: number;
  /** Newest first. */
  invalidations: Invalidation[];
  /** Called when an invalidation is completed: what the edge forgets. */
  forget: (paths: string[]) => void;
}

/** Distributions by id. */
export const distributions = stateOf(() => new Map<string, Distribution>());

export const distributionArn = (world: World, id = ""): string =>
  world.arn("cloudfront", `distribution/${id}`, { region: "" });

/** The distribution, or NoSuchDistribution. */
export function distributionOf(world: World, id: string | undefined): Distribution {
  const found = distributions(world).get(id ?? "");
  if (!found)
    throw new ServiceException("NoSuchDistribution", "The specified distribution does not exist.", {
      status: 404,
    });
  return found;
}

/** A distribution whose id is already written in a plan. */
export function createDistributionWithId(
  world: World,
  given: { id: string; bucket: string; aliases: string[] },
): Distribution {
  const made: Distribution = {
    ...given,
    domainName: `d${randomId(13, "abcdefghijklmnopqrstuvwxyz0123456789")}.cloudfront.net`,
    enabled: true,
    createdAt: world.clock.now(),
    invalidations: [],
    forget: () => undefined,
  };
  distributions(world).set(made.id, made);
  return made;
}
