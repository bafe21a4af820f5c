import type { AccessEntry as Answer } from "@aws-sdk/client-eks";
import type { AccessEntry, Cluster } from "../../engines/kubernetes/index.ts";
import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";

/** `arn:aws:eks:<region>:<account>:access-entry/<cluster>/role/<account>/<role>/<id>` */
export function entryResource(world: World, cluster = "", principalArn = "*"): string {
  const [type, name] = principalArn
    .split(":")
    .at(-1)!
    .split(/\/(.*)/s);
  return world.arn("eks", `access-entry/${cluster}/${type}/${world.account}/${name ?? "*"}/*`);
}

/** What the API server calls a principal unless the entry says otherwise. */
export function usernameOf(principalArn: string): string {
  const role = /^arn:aws:iam::(\d+):role\/(?:.*\/)?([^/]+)$/.exec(principalArn);
  return role ? `arn:aws:sts::${role[1]}:assumed-role/${role[2]}/{{SessionName}}` : principalArn;
}

export function entryOf({ name, access }: Cluster, principalArn = ""): AccessEntry {
  const found = access.get(principalArn);
  if (!found)
    throw new ServiceException(
      "ResourceNotFoundException",
      `The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'. (${name}, ${principalArn})`,
      { status: 404 },
    );
  return found;
}

export const entryAnswer = (world: World, cluster: string, entry: AccessEntry): Answer => ({
  clusterName: cluster,
  principalArn: entry.principalArn,
  kubernetesGroups: entry.kubernetesGroups,
  accessEntryArn: entryResource(world, cluster, entry.principalArn).replace("/*", "/sandbox"),
  createdAt: new Date(entry.createdAt),
  modifiedAt: new Date(entry.modifiedAt),
  tags: entry.tags,
  username: entry.username,
  type: entry.type,
});

/** Groups and names that begin with these are Kubernetes' and EKS's own. */
const RESERVED = /^(system:|eks:|aws:|amazon:|iam:)/;

export function checkGroups(groups: string[] = []): string[] {
  for (const group of groups)
    if (RESERVED.test(group))
      throw new ServiceException(
        "InvalidParameterException",
        `The kubernetes group name ${group} is invalid, it cannot start with ${group.split(":")[0]}:`,
        { status: 400 },
      );
  return groups;
}
