import { stateOf, type World } from "../../world.ts";

/** One health check's endpoint as it was last seen. */
export interface Probe {
  healthy: boolean;
  /** The last result in Route 53's words. */
  status: string;
  checkedAt: number;
  /** Results in a row that differ from the present state. */
  streak: number;
  cancel: () => void;
}

/** By the health check's id. */
export const probes = stateOf(() => new Map<string, Probe>());

/** What is known about a check; one that never ran counts as healthy, as a new one does. */
export function probeOf(world: World, id: string): Pick<Probe, "healthy" | "status" | "checkedAt"> {
  return (
    probes(world).get(id) ?? {
      healthy: true,
      status: "Success: not checked yet",
      checkedAt: world.clock.now(),
    }
  );
}
