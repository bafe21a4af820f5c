import type { Tag } from "@aws-sdk/client-route-53";
import { type Authorization, ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { noSuchHealthCheck } from "./health.ts";
import { zoneOf } from "./lookup.ts";
import { bareId } from "./names.ts";
import { route53State } from "./state.ts";

interface Tagged {
  ResourceType: string | undefined;
  ResourceId: string | undefined;
}

export function onTagged(action: string) {
  return (input: Tagged): Authorization[] => [
    {
      action: `route53:${action}`,
      resources: [`arn:aws:route53:::${input.ResourceType}/${bareId(input.ResourceId)}`],
    },
  ];
}

/** The tags of a zone or a health check that exists. */
export function tagsOf(world: World, { ResourceType, ResourceId }: Tagged): Map<string, string> {
  const id = bareId(ResourceId);
  const { tags, healthChecks } = route53State(world);
  if (ResourceType === "hostedzone") zoneOf(world, id);
  else if (ResourceType === "healthcheck") {
    if (!healthChecks.has(id)) throw noSuchHealthCheck(id);
  } else throw new ServiceException("InvalidInput", `${ResourceType} is not a resource type that has tags`);
  const key = `${ResourceType}/${id}`;
  const found = tags.get(key) ?? new Map<string, string>();
  tags.set(key, found);
  return found;
}

export function tagList(tags: Map<string, string>): Tag[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}
