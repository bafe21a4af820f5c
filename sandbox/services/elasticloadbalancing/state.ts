import { createHash } from "node:crypto";
import type { Server } from "node:http";
import type { Action, RuleCondition, TargetHealth } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ServiceException } from "../../service.ts";
import { stateOf, type World } from "../../world.ts";

/** A target and what its health checks found. */
export interface Target {
  /** IP address. */
  id: string;
  port: number;
  health: TargetHealth;
  /** Checks in a row that were right (above zero) or wrong (below). */
  streak: number;
}

export interface TargetGroup {
  arn: string;
  name: string;
  port: number;
  path: string;
  /** Status codes that are healthy, e.g. `200` or `200-299`. */
  matcher: string;
  intervalSeconds: number;
  timeoutSeconds: number;
  healthyThreshold: number;
  unhealthyThreshold: number;
  /** By `<id>:<port>`. */
  targets: Map<string, Target>;
  /** Which target is asked next. */
  turn: number;
}

export interface Rule {
  arn: string;
  /** A number, or `default`. */
  priority: string;
  conditions: RuleCondition[];
  actions: Action[];
}

export interface Listener {
  arn: string;
  /** ARN of its load balancer. */
  balancer: string;
  port: number;
  protocol: "HTTP" | "HTTPS";
  /** ARN of its certificate; HTTPS only. */
  certificate: string | undefined;
  /** In the order in which they are tried; the default rule is the last. */
  rules: Rule[];
  server: Server;
}

export interface LoadBalancer {
  arn: string;
  name: string;
  /** `<name>-<digits>.<region>.elb.amazonaws.com` */
  dnsName: string;
  address: string;
  createdAt: number;
  listeners: Listener[];
}

export const balancers = stateOf(() => new Map<string, LoadBalancer>());
export const targetGroups = stateOf(() => new Map<string, TargetGroup>());

/** The id in an ARN: 16 hexadecimal digits of what it names, so that a plan can name a rule before it is made. */
export const idOf = (name: string) => createHash("sha256").update(name).digest("hex").slice(0, 16);

export const elbArn = (world: World, resource: string) => world.arn("elasticloadbalancing", resource);

export function balancerAt(world: World, arn: string | undefined): LoadBalancer {
  const found = balancers(world).get(arn ?? "");
  if (!found) throw new ServiceException("LoadBalancerNotFoundException", `Load balancer '${arn}' not found`);
  return found;
}

export function targetGroupAt(world: World, arn: string | undefined): TargetGroup {
  const found = targetGroups(world).get(arn ?? "");
  if (!found)
    throw new ServiceException("TargetGroupNotFoundException", `One or more target groups not found`);
  return found;
}

const listenersOf = (world: World) => [...balancers(world).values()].flatMap(({ listeners }) => listeners);

export function listenerAt(world: World, arn: string | undefined): Listener {
  const found = listenersOf(world).find((each) => each.arn === arn);
  if (!found) throw new ServiceException("ListenerNotFoundException", "One or more listeners not found");
  return found;
}

/** The listener that a rule is of. */
export const listenerWith = (world: World, rule: Rule): Listener =>
  listenersOf(world).find(({ rules }) => rules.includes(rule))!;

export function ruleAt(world: World, arn: string | undefined): Rule {
  const found = listenersOf(world)
    .flatMap(({ rules }) => rules)
    .find((each) => each.arn === arn);
  if (!found) throw new ServiceException("RuleNotFoundException", "One or more rules not found");
  return found;
}

/** Whether any rule forwards to a group: the targets of others are `unused`. */
export const inUse = (world: World, group: TargetGroup): boolean =>
  listenersOf(world).some(({ rules }) =>
    rules.some(({ actions }) =>
      forwardsOf(actions).some(({ TargetGroupArn }) => TargetGroupArn === group.arn),
    ),
  );

/** The weighted target groups that actions forward to. */
export function forwardsOf(actions: Action[]): { TargetGroupArn: string; Weight: number }[] {
  return actions
    .filter(({ Type }) => Type === "forward")
    .flatMap(({ ForwardConfig, TargetGroupArn }) =>
      ForwardConfig?.TargetGroups?.length
        ? ForwardConfig.TargetGroups.map((each) => ({
            TargetGroupArn: each.TargetGroupArn!,
            Weight: each.Weight ?? 1,
          }))
        : [{ TargetGroupArn: TargetGroupArn!, Weight: 1 }],
    );
}
