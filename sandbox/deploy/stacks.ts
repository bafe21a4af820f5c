import { stateOf } from "../world.ts";
import type { Made, Properties } from "./resource.ts";

/** A resource of a stack that was deployed. */
export interface DeployedResource {
  type: string;
  properties: Properties;
  made: Made;
  /** DeletionPolicy Retain: it stays when it leaves the template. */
  retained: boolean;
}

export interface DeployedStack {
  name: string;
  id: string;
  resources: Map<string, DeployedResource>;
  outputs: Record<string, string>;
  exports: string[];
}

/** The account's stacks by name, and everything they export. */
export const stackState = stateOf(() => ({
  stacks: new Map<string, DeployedStack>(),
  exports: new Map<string, unknown>(),
}));
