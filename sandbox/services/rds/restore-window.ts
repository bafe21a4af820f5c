import type { World } from "../../world.ts";
import type { Instance } from "./state.ts";

/** The moments an instance can be restored to, sandbox time: from the end of its first backup to its last archived commit. */
export function restoreWindow(
  world: World,
  instance: Instance,
): { earliest: number | undefined; latest: number | undefined } {
  const first = instance.backups[0];
  const earliest = first ? world.clock.fromMachine(first.endedAt) : undefined;
  const latest = instance.restorableUntil;
  return {
    earliest,
    latest: earliest !== undefined && latest !== undefined && latest >= earliest ? latest : undefined,
  };
}
