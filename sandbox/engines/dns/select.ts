import { randomInt } from "node:crypto";
import { isHealthy } from "../../services/route53/health.ts";
import type { RecordSet } from "../../services/route53/state.ts";
import type { World } from "../../world.ts";

/** Most answers of a multivalue set. */
const MULTIVALUE_ANSWERS = 8;

/**
 * Which of the sets with one name and type answer this question
 * (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html). An unhealthy set answers only
 * when no healthy one is left.
 */
export function chosenSets(world: World, sets: RecordSet[]): RecordSet[] {
  const first = sets[0];
  if (!first || first.SetIdentifier === undefined) return sets;
  const alive = sets.filter((set) => isHealthy(world, set.HealthCheckId));
  const candidates = alive.length > 0 ? alive : sets;
  if (first.Failover) return primaryFirst(sets, alive);
  if (first.MultiValueAnswer) return shuffled(candidates).slice(0, MULTIVALUE_ANSWERS);
  if (first.Weight !== undefined) return byWeight(candidates, sets);
  if (first.Region) return one(candidates, (set) => set.Region === world.region);
  // The sandbox's callers are in no country: the default location answers them.
  if (first.GeoLocation) return candidates.filter((set) => set.GeoLocation?.CountryCode === "*").slice(0, 1);
  return candidates.slice(0, 1);
}

function primaryFirst(sets: RecordSet[], alive: RecordSet[]): RecordSet[] {
  const primary = alive.find((set) => set.Failover === "PRIMARY");
  const secondary = alive.find((set) => set.Failover === "SECONDARY");
  const lastResort = sets.find((set) => set.Failover === "PRIMARY") ?? sets[0]!;
  return [primary ?? secondary ?? lastResort];
}

/** A weight of zero is never chosen, unless all are zero: then all are equally likely. */
function byWeight(candidates: RecordSet[], all: RecordSet[]): RecordSet[] {
  const positive = candidates.filter((set) => (set.Weight ?? 0) > 0);
  // Healthy sets of weight zero come before unhealthy ones only when all weighted ones are down.
  const pool = positive.length > 0 ? positive : candidates.length > 0 ? candidates : all;
  const total = pool.reduce((sum, set) => sum + (set.Weight ?? 0), 0);
  if (total === 0) return [pool[randomInt(pool.length)]!];
  let at = randomInt(total);
  for (const set of pool) {
    at -= set.Weight ?? 0;
    if (at < 0) return [set];
  }
  return [pool.at(-1)!];
}

function one(sets: RecordSet[], preferred: (set: RecordSet) => boolean): RecordSet[] {
  return [sets.find(preferred) ?? sets[0]!];
}

function shuffled<Item>(items: Item[]): Item[] {
  const result = [...items];
  for (let at = result.length - 1; at > 0; at--) {
    const other = randomInt(at + 1);
    [result[at], result[other]] = [result[other]!, result[at]!];
  }
  return result;
}
