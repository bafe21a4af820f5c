import { stateOf, type World } from "../world.ts";
import { answerQuestion } from "./dns/answer.ts";
import { openServer } from "./dns/server.ts";

const server = stateOf(() => ({ at: undefined as { host: string; port: number } | undefined }));
const cache = stateOf(() => new Map<string, { addresses: string[]; until: number }>());

/** Starts the world's name server on UDP and TCP of 127.0.0.1; it answers Route 53's zones and the sandbox's hosts. */
export async function startDns(world: World): Promise<{ host: string; port: number }> {
  const state = server(world);
  state.at ??= await openServer(world);
  return state.at;
}

/** Where the world's name server listens, if it was started. */
export function dnsServerOf(world: World): { host: string; port: number } | undefined {
  return server(world).at;
}

/**
 * A caching resolver: the IPv4 addresses of a name, asked again only when their TTL (sandbox seconds) has passed.
 * Empty when the name has none; that is not cached.
 */
export function resolveName(world: World, name: string): string[] {
  const now = world.clock.now();
  const known = cache(world).get(name);
  if (known && known.until > now) return known.addresses;
  const { answers } = answerQuestion(world, name, "A");
  const addresses = answers
    .filter((each) => each.type === "A")
    .map((each) => String((each as { data: unknown }).data));
  const ttl = Math.min(...answers.map((each) => (each as { ttl?: number }).ttl ?? 0));
  if (addresses.length > 0) cache(world).set(name, { addresses, until: now + ttl * 1000 });
  return addresses;
}
