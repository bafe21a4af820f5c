import { createServer, type Server } from "node:https";
import type { ServiceException } from "../service.ts";
import {
  createDistributionWithId,
  type Distribution,
  distributionArn,
} from "../services/cloudfront/state.ts";
import type { World } from "../world.ts";
import { certificateFor } from "./ca.ts";
import { aliasHost, allocateHost, openedPort } from "./hosts.ts";

interface Cached {
  body: Uint8Array;
  contentType: string;
  /** Sandbox time, epoch milliseconds. */
  until: number;
}

/** Seconds an answer without Cache-Control stays, as CloudFront's default TTL. */
const DEFAULT_TTL = 86_400;

/**
 * A distribution with one edge that really answers HTTPS under its names, really keeps what it fetched from its bucket,
 * and forgets it when an invalidation says so. It reads the bucket as CloudFront, so the bucket's policy must let it.
 */
export async function createDistribution(
  world: World,
  given: { id: string; bucket: string; aliases: string[] },
): Promise<Distribution> {
  const made = createDistributionWithId(world, given);
  const names = [...given.aliases, made.domainName];
  const [first = made.domainName, ...others] = names;
  const host = await allocateHost(world, first, [443]);
  for (const name of others) aliasHost(world, name, host);
  const { address } = host;
  const cache = new Map<string, Cached>();
  made.forget = (paths) => {
    for (const key of cache.keys())
      if (paths.some((path) => (path.endsWith("*") ? key.startsWith(path.slice(0, -1)) : key === path)))
        cache.delete(key);
  };
  const { certPem, keyPem } = await certificateFor(world, names);
  const server: Server = createServer({ cert: certPem, key: keyPem }, (request, response) => {
    const path = new URL(request.url ?? "/", `https://${first}`).pathname;
    answer(world, made, cache, path).then(
      ({ found, hit }) => {
        const cached = hit ? "Hit from cloudfront" : "Miss from cloudfront";
        response.writeHead(200, { "content-type": found.contentType, "x-cache": cached }).end(found.body);
      },
      (error: ServiceException) =>
        response
          .writeHead(error.status ?? 502, {
            "content-type": "text/plain",
            "x-cache": "Error from cloudfront",
          })
          .end(error.message),
    );
  });
  await new Promise<void>((resolve) => server.listen(openedPort(443), address, resolve));
  world.onStop(
    () =>
      new Promise<void>((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  );
  return made;
}

async function answer(world: World, { bucket, id }: Distribution, cache: Map<string, Cached>, path: string) {
  const known = cache.get(path);
  if (known && known.until > world.clock.now()) return { found: known, hit: true };
  const { Body, ContentType, CacheControl } = await world.call<{
    Body: Uint8Array;
    ContentType?: string;
    CacheControl?: string;
  }>({
    service: "s3",
    operation: "GetObject",
    input: { Bucket: bucket, Key: decodeURIComponent(path.slice(1)) },
    principal: {
      type: "service",
      service: "cloudfront.amazonaws.com",
      sourceArn: distributionArn(world, id),
    },
  });
  const seconds = Number(/max-age=(\d+)/.exec(CacheControl ?? "")?.[1] ?? DEFAULT_TTL);
  const found = {
    body: Body,
    contentType: ContentType ?? "binary/octet-stream",
    until: world.clock.now() + seconds * 1000,
  };
  cache.set(path, found);
  return { found, hit: false };
}
