import type { Target } from "@aws-sdk/client-eventbridge";
import type { PolicyDocument } from "../../front/iam/policy.ts";
import { ServiceException } from "../../service.ts";
import { stateOf, type World } from "../../world.ts";

export interface Rule {
  name: string;
  arn: string;
  bus: string;
  description: string | undefined;
  pattern: string | undefined;
  schedule: string | undefined;
  roleArn: string | undefined;
  state: "ENABLED" | "DISABLED" | "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";
  targets: Map<string, Target>;
  tags: Map<string, string>;
  /** Stops the schedule. */
  cancel: () => void;
}

export interface Bus {
  name: string;
  arn: string;
  description: string | undefined;
  rules: Map<string, Rule>;
  policy: PolicyDocument | undefined;
  tags: Map<string, string>;
  createdAt: number;
  changedAt: number;
}

export const DEFAULT_BUS = "default";

export const eventsState = stateOf((world) => {
  const stopped = new AbortController();
  world.onStop(() => stopped.abort(new Error("the sandbox stopped")));
  return {
    buses: new Map<string, Bus>([[DEFAULT_BUS, newBus(world, DEFAULT_BUS)]]),
    /** Ends deliveries that wait for their next attempt. */
    stopped: stopped.signal,
  };
});

export function newBus(world: World, name: string, description?: string): Bus {
  const now = world.clock.now();
  return {
    name,
    arn: world.arn("events", `event-bus/${name}`),
    description,
    rules: new Map(),
    policy: undefined,
    tags: new Map(),
    createdAt: now,
    changedAt: now,
  };
}

/** The name in a bus's name or ARN; the default one unless named. */
export const busName = (name: string | undefined) => name?.split("event-bus/").at(-1) || DEFAULT_BUS;

export const busArn = (world: World, name: string | undefined) =>
  world.arn("events", `event-bus/${busName(name)}`);

/** The bus by name or ARN; the default one unless named. */
export function busNamed(world: World, name: string | undefined): Bus {
  const bus = eventsState(world).buses.get(busName(name));
  if (!bus)
    throw new ServiceException("ResourceNotFoundException", `Event bus ${busName(name)} does not exist.`);
  return bus;
}

export function ruleNamed(world: World, bus: string | undefined, name: string | undefined): Rule {
  const found = busNamed(world, bus);
  const rule = found.rules.get(name ?? "");
  if (!rule)
    throw new ServiceException(
      "ResourceNotFoundException",
      `Rule ${name} does not exist on EventBus ${found.name}.`,
    );
  return rule;
}

export function ruleArn(world: World, bus: string | undefined, name: string | undefined): string {
  const on = busName(bus);
  return world.arn("events", `rule/${on === DEFAULT_BUS ? "" : `${on}/`}${name ?? "*"}`);
}

export const isEnabled = (rule: Rule) => rule.state !== "DISABLED";
