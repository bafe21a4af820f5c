import type { Target } from "@aws-sdk/client-eventbridge";
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
  enabled: boolean;
  targets: Map<string, Target>;
  tags: Map<string, string>;
  /** Stops the schedule. */
  cancel: () => void;
}

export interface Bus {
  name: string;
  arn: string;
  rules: Map<string, Rule>;
  policy: string | undefined;
}

export const DEFAULT_BUS = "default";

export const eventsState = stateOf((world) => ({
  buses: new Map<string, Bus>([[DEFAULT_BUS, newBus(world, DEFAULT_BUS)]]),
}));

export function newBus(world: World, name: string): Bus {
  return { name, arn: world.arn("events", `event-bus/${name}`), rules: new Map(), policy: undefined };
}

/** The bus by name or ARN; the default one unless named. */
export function busNamed(world: World, name: string | undefined): Bus {
  const wanted = name?.split("event-bus/").at(-1) ?? DEFAULT_BUS;
  const bus = eventsState(world).buses.get(wanted);
  if (!bus) throw new ServiceException("ResourceNotFoundException", `Event bus ${wanted} does not exist.`);
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

export const ruleArn = (world: World, bus: string | undefined, name: string | undefined) =>
  world.arn(
    "events",
    `rule/${!bus || bus === DEFAULT_BUS ? "" : `${bus.split("event-bus/").at(-1)}/`}${name ?? "*"}`,
  );
