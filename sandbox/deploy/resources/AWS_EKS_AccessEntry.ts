import { defined, type Properties, type ResourceContext, resourceType } from "../resource.ts";

const entry = ({ ClusterName, PrincipalArn, KubernetesGroups, Username }: Properties) =>
  defined({
    clusterName: ClusterName,
    principalArn: PrincipalArn,
    kubernetesGroups: KubernetesGroups,
    username: Username,
  });

/** Who an IAM principal is inside a cluster. */
export const eksAccessEntry = resourceType({
  uses: ["ClusterName", "PrincipalArn", "KubernetesGroups", "Username", "Type"],
  replacedBy: ["ClusterName", "PrincipalArn", "Type"],
  create: async (properties, { call }: ResourceContext) => {
    const { accessEntry } = await call<{ accessEntry: { accessEntryArn: string } }>(
      "eks",
      "CreateAccessEntry",
      {
        ...entry(properties),
        ...(properties["Type"] ? { type: properties["Type"] } : {}),
      },
    );
    return {
      physicalId: `${properties["PrincipalArn"]}|${properties["ClusterName"]}`,
      attributes: { AccessEntryArn: accessEntry.accessEntryArn },
    };
  },
  update: async (properties, { call }, { made }) => {
    await call("eks", "UpdateAccessEntry", entry(properties));
    return made;
  },
  delete: async ({ physicalId }, { call }) => {
    const [principalArn, clusterName] = physicalId.split("|");
    await call("eks", "DeleteAccessEntry", { clusterName, principalArn });
  },
});
