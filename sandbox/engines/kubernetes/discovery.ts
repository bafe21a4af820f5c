import { apiVersionOf, RESOURCES, type ResourceType } from "./resources.ts";

const GROUPS = [...new Set(RESOURCES.map(({ group }) => group))].filter(Boolean);
const versionOf = (group: string) => RESOURCES.find((each) => each.group === group)!.version;

const VERBS = ["create", "delete", "get", "list", "patch", "update", "watch"];
const SUBRESOURCE_KINDS = {
  status: { kind: undefined, verbs: ["get", "patch", "update"] },
  scale: { kind: "Scale", verbs: ["get", "patch", "update"] },
  log: { kind: undefined, verbs: ["get"] },
} as const;

/** What is answered to discovery; undefined for any other path. */
export function discovery(path: string, server: string): object | undefined {
  if (path === "/version")
    return {
      major: "1",
      minor: "32",
      gitVersion: "v1.32.0-rollback-watchdog-sandbox",
      platform: "linux/amd64",
    };
  if (path === "/api")
    return {
      kind: "APIVersions",
      versions: ["v1"],
      serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: server }],
    };
  if (path === "/apis") return { kind: "APIGroupList", apiVersion: "v1", groups: GROUPS.map(groupOf) };
  const group = /^\/apis\/([^/]+)$/.exec(path)?.[1];
  if (group && GROUPS.includes(group)) return { kind: "APIGroup", apiVersion: "v1", ...groupOf(group) };
  const listed = RESOURCES.filter((each) => path === prefixOf(each));
  if (listed.length > 0)
    return {
      kind: "APIResourceList",
      apiVersion: "v1",
      groupVersion: apiVersionOf(listed[0]!),
      resources: listed.flatMap(entriesOf),
    };
  return undefined;
}

/** `/api/v1`, `/apis/apps/v1` */
export const prefixOf = (resource: ResourceType): string =>
  `${resource.group ? "/apis" : "/api"}/${apiVersionOf(resource)}`;

function groupOf(name: string) {
  const version = { groupVersion: `${name}/${versionOf(name)}`, version: versionOf(name) };
  return { name, versions: [version], preferredVersion: version };
}

function entriesOf(resource: ResourceType): object[] {
  const { plural, singular, namespaced, kind, shortNames, all, subresources = [] } = resource;
  return [
    {
      name: plural,
      singularName: singular,
      namespaced,
      kind,
      verbs: VERBS,
      ...(shortNames ? { shortNames } : {}),
      ...(all ? { categories: ["all"] } : {}),
    },
    ...subresources.map((name) => {
      const { kind: own, verbs } = SUBRESOURCE_KINDS[name];
      return {
        name: `${plural}/${name}`,
        singularName: "",
        namespaced,
        kind: own ?? kind,
        verbs,
        ...(own ? { group: "autoscaling", version: "v1" } : {}),
      };
    }),
  ];
}
