import { ServiceException } from "../../service.ts";
import { stateOf, type World } from "../../world.ts";

/** Five requests a second for each account (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html). */
const REQUESTS_PER_SECOND = 5;
/** Requests that may come at once; AWS does not document how long a burst it bears. */
const BURST = 20;

const buckets = stateOf((world) => ({ tokens: BURST, at: world.clock.now() }));

/** Counts one request; above the limit it is refused. */
export function throttle(world: World): void {
  const bucket = buckets(world);
  const now = world.clock.now();
  bucket.tokens = Math.min(BURST, bucket.tokens + ((now - bucket.at) / 1000) * REQUESTS_PER_SECOND);
  bucket.at = now;
  if (bucket.tokens < 1) throw new ServiceException("Throttling", "Rate exceeded", { status: 400 });
  bucket.tokens -= 1;
}
