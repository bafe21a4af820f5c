import { WatchdogError } from "../errors.ts";
import { digest } from "../tokens.ts";
import type { KubeObject, Kubernetes } from "./client.ts";
import { Conflict } from "./failures.ts";

/** How often an object may be written by others (its status, mostly) between reading and writing it. */
const TRIES = 8;

/**
 * Compare-and-set: reads an object, lets `next` decide what it becomes, and writes that only over what was read.
 * `next` answers undefined when there is nothing to do, and throws for an object that it must not change. `write` puts
 * it, whole unless given.
 */
export async function changeObject<Kind extends KubeObject>(
  api: Kubernetes,
  path: string,
  next: (object: Kind) => Kind | undefined,
  write: (wanted: Kind) => Promise<Kind> = (wanted) => api.replace(path, wanted),
): Promise<Kind> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const object = await api.get<Kind>(path);
    if (!object)
      throw new WatchdogError(
        "ChangedSincePreflight",
        `${path} of the cluster ${api.cluster} is gone. Nothing was changed. Find out who deleted it.`,
      );
    const wanted = next(object);
    if (!wanted) return object;
    try {
      return await write(wanted);
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
  }
  throw new WatchdogError(
    "ServiceUnavailable",
    `${path} of the cluster ${api.cluster} was written by somebody else ${TRIES} times in a row. It was not changed by this call.`,
  );
}

/** The object is neither what preflight found nor what this step makes of it. */
export const changedMeanwhile = (api: Kubernetes, what: string, found: string) =>
  new WatchdogError(
    "ChangedSincePreflight",
    `${what} in the cluster ${api.cluster} is ${found}, and neither what this run found nor what it makes of it. It was left alone. Find out who changed it.`,
  );

/** A digest of JSON, whatever the order of members; empty and null members say nothing in Kubernetes. */
export const digestOf = (value: unknown): string => digest(JSON.stringify(ordered(value)) ?? "", 16);

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value)
    .filter(([, each]) => each !== undefined && each !== null)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, each]) => [name, ordered(each)]));
}
