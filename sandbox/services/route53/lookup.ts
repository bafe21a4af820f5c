import type { HostedZone as HostedZoneAnswer } from "@aws-sdk/client-route-53";
import { type Authorization, type Call, ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { bareId } from "./names.ts";
import { type HostedZone, route53State } from "./state.ts";

/** The zone of an id, with or without `/hostedzone/`. */
export function zoneOf(world: World, id: string | undefined): HostedZone {
  const found = route53State(world).zones.get(bareId(id));
  if (!found)
    throw new ServiceException("NoSuchHostedZone", `No hosted zone found with ID: ${bareId(id)}`, {
      status: 404,
    });
  return found;
}

export function zoneAnswer(zone: HostedZone): HostedZoneAnswer {
  return {
    Id: `/hostedzone/${zone.id}`,
    Name: zone.name,
    CallerReference: zone.callerReference,
    Config: { ...(zone.comment === undefined ? {} : { Comment: zone.comment }), PrivateZone: zone.private },
    ResourceRecordSetCount: zone.records.length,
  };
}

export function delegationAnswer(zone: HostedZone) {
  return {
    ...(zone.delegationSetId ? { Id: `/delegationset/${zone.delegationSetId}` } : {}),
    NameServers: zone.nameServers,
  };
}

/** One action on a hosted zone (Route 53's ARNs have no region and no account). */
export function onZone(
  action: string,
  idOf: (input: never) => string | undefined = (input: { Id?: string }) => input.Id,
) {
  return (input: unknown, _: Call): Authorization[] => [
    {
      action: `route53:${action}`,
      resources: [`arn:aws:route53:::hostedzone/${bareId(idOf(input as never))}`],
    },
  ];
}

/** One action that names no resource. */
export function onAll(action: string) {
  return (): Authorization[] => [{ action: `route53:${action}`, resources: ["*"] }];
}

/** Largest page of most lists. */
const PAGE = 100;

/** One page by marker: `marker` is the id of the first item. */
export function pageOf<Item>(
  items: Item[],
  idOf: (item: Item) => string,
  marker: string | undefined,
  most: number | undefined,
) {
  const size = Math.min(Number(most ?? PAGE), PAGE);
  const from =
    marker === undefined
      ? 0
      : Math.max(
          0,
          items.findIndex((each) => idOf(each) === marker),
        );
  const next = items[from + size];
  return { items: items.slice(from, from + size), size, next: next === undefined ? undefined : idOf(next) };
}
