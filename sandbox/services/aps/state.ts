import { randomUUID } from "node:crypto";
import type { WorkspaceDescription } from "@aws-sdk/client-amp";
import { type Labels, NAME, type Sample, SeriesStore } from "../../engines/prometheus/series.ts";
import { ServiceException } from "../../service.ts";
import { stateOf, type World } from "../../world.ts";

/** A workspace of Managed Prometheus, and what was written into it. */
export interface Workspace {
  description: WorkspaceDescription;
  series: SeriesStore;
}

export const apsState = stateOf(() => new Map<string, Workspace>());

export const workspaceArn = (world: World, id: string | undefined) =>
  world.arn("aps", `workspace/${id ?? ""}`);

/** Makes a workspace; with an id that is written in a plan already, where one is given. */
export function makeWorkspace(
  world: World,
  given: { id?: string; alias?: string | undefined } = {},
): Workspace {
  const workspaceId = given.id ?? `ws-${randomUUID()}`;
  const made: Workspace = {
    description: {
      workspaceId,
      ...(given.alias === undefined ? {} : { alias: given.alias }),
      arn: workspaceArn(world, workspaceId),
      status: { statusCode: "ACTIVE" },
      prometheusEndpoint: `https://aps-workspaces.${world.region}.amazonaws.com/workspaces/${workspaceId}/`,
      createdAt: new Date(world.clock.now()),
    },
    series: new SeriesStore(),
  };
  apsState(world).set(workspaceId, made);
  return made;
}

/** The workspace of an id. */
export function workspaceOf(world: World, id: string | undefined): Workspace {
  const found = apsState(world).get(id ?? "");
  if (!found)
    throw new ServiceException("ResourceNotFoundException", `Workspace not found: ${id ?? ""}`, {
      members: { resourceId: id ?? "", resourceType: "WORKSPACE" },
    });
  return found;
}

/** What a scraper or an agent would send by remote write: one series' samples at epoch milliseconds. */
export function writeSamples(
  world: World,
  workspaceId: string,
  metric: string,
  labels: Labels,
  samples: Sample[],
): void {
  workspaceOf(world, workspaceId).series.write({ ...labels, [NAME]: metric }, samples);
}
