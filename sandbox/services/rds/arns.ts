import type { Tag } from "@aws-sdk/client-rds";
import { type Authorization, ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { clusterNamed, clusterSnapshotNamed, clusterState, memberNamed } from "./cluster-state.ts";
import { instanceNamed, rdsState, snapshotNamed } from "./state.ts";

/** The groups an input names, or the defaults it gets: IAM asks about them too. */
export function groupArns(
  world: World,
  input: {
    DBSubnetGroupName?: string | undefined;
    DBParameterGroupName?: string | undefined;
    OptionGroupName?: string | undefined;
  },
): string[] {
  const named: [string, string | undefined][] = [
    ["subgrp", input.DBSubnetGroupName],
    ["pg", input.DBParameterGroupName],
    ["og", input.OptionGroupName],
  ];
  return named.flatMap(([kind, name]) => (name === undefined ? [] : [world.arn("rds", `${kind}:${name}`)]));
}

/** The same for a cluster. */
export function clusterGroupArns(
  world: World,
  input: { DBSubnetGroupName?: string | undefined; DBClusterParameterGroupName?: string | undefined },
): string[] {
  const { DBSubnetGroupName: subnets, DBClusterParameterGroupName: parameters } = input;
  return [
    ...(subnets === undefined ? [] : [world.arn("rds", `subgrp:${subnets}`)]),
    ...(parameters === undefined ? [] : [world.arn("rds", `cluster-pg:${parameters}`)]),
  ];
}

/** Tags at creation need the right to tag, too. */
export const addTags = (tags: Tag[] | undefined, arn: string): Authorization[] =>
  tags && tags.length > 0
    ? [
        {
          action: "rds:AddTagsToResource",
          resources: [arn],
          context: Object.fromEntries([
            ["aws:TagKeys", tags.map(({ Key = "" }) => Key)],
            ...tags.map(({ Key = "", Value = "" }) => [`aws:RequestTag/${Key}`, Value]),
          ]),
        },
      ]
    : [];

const tagKeys = (tags: Tag[], own: string): Record<string, string> =>
  Object.fromEntries(
    tags.flatMap(({ Key = "", Value = "" }) => [
      [`aws:ResourceTag/${Key}`, Value],
      [`rds:${own}/${Key}`, Value],
    ]),
  );

/** What IAM knows of an instance's tags: `aws:ResourceTag/…`, and RDS's own name for it. */
export const instanceTags = (world: World, id: string | undefined): Record<string, string> =>
  tagKeys(
    (memberNamed(world, id) ?? rdsState(world).instances.get((id ?? "").toLowerCase()))?.tags ?? [],
    "db-tag",
  );

/** The same of a cluster's. */
export const clusterTags = (world: World, id: string | undefined): Record<string, string> =>
  tagKeys(clusterState(world).clusters.get((id ?? "").toLowerCase())?.tags ?? [], "cluster-tag");

/** What a resource name's tags are kept on. */
export function tagged(world: World, arn: string | undefined): { tags: Tag[] } {
  const kind = arn?.split(":")[5];
  if (kind === "db") return memberNamed(world, arn) ?? instanceNamed(world, arn);
  if (kind === "cluster") return clusterNamed(world, arn);
  if (kind === "cluster-snapshot") return clusterSnapshotNamed(world, arn);
  if (kind === "snapshot") return snapshotNamed(world, arn);
  throw new ServiceException(
    "InvalidParameterValue",
    `The sandbox keeps tags of instances, clusters and their snapshots, not of ${arn}`,
  );
}
