import { stateOf, type World } from "../../../world.ts";

/** What is inside an image: a program that listens on `$HOST` with the pod's ports, and ends on SIGTERM. */
export interface Image {
  /** Program and arguments; without it the container does nothing until it is ended, as `pause` does. */
  command?: string[];
}

const registry = stateOf(() => new Map<string, Image>([["registry.k8s.io/pause:3.10", {}]]));

/** Makes an image available to every cluster of this world; any other name cannot be pulled. */
export function pushImage(world: World, name: string, image: Image): void {
  registry(world).set(name, image);
}

export const imageOf = (world: World, name: string): Image | undefined => registry(world).get(name);
