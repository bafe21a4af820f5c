import type { World } from "../../world.ts";
import type { LambdaFunction, Revision } from "./state.ts";

/** Freezes `$LATEST` as the next version; without a change since the last one, that one is answered again. */
export function publish(world: World, of: LambdaFunction, description?: string): Revision {
  const last = of.versions.get(String(of.nextVersion - 1));
  if (last && last.revisionId === of.latest.revisionId) return last;
  const version = String(of.nextVersion++);
  const now = world.clock.now();
  const made: Revision = {
    ...of.latest,
    variables: { ...of.latest.variables },
    version,
    description: description ?? of.latest.description,
    lastModified: now,
  };
  of.versions.set(version, made);
  return made;
}
