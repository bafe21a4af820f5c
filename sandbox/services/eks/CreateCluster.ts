import { randomBytes } from "node:crypto";
import type { CreateClusterCommandInput, CreateClusterResponse } from "@aws-sdk/client-eks";
import { entryArn, startCluster } from "../../engines/kubernetes/index.ts";
import { operation, ServiceException } from "../../service.ts";
import { usernameOf } from "./access.ts";
import { answerOf } from "./DescribeCluster.ts";
import { clusterArn, type EksCluster, eksClusters } from "./state.ts";

const ADMIN_POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";

/** Answers at once; the cluster is ACTIVE when its API server listens. Whoever makes it is its administrator. */
export const CreateCluster = operation<CreateClusterCommandInput, CreateClusterResponse>({
  authorize: (input, { world }) => [
    { action: "eks:CreateCluster", resources: [clusterArn(world, input.name)] },
    {
      action: "iam:PassRole",
      resources: [input.roleArn ?? "*"],
      context: { "iam:PassedToService": "eks.amazonaws.com" },
    },
  ],
  run: (input, { world, principal }) => {
    const { name = "", accessConfig = {} } = input;
    const all = eksClusters(world);
    if (!/^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/.test(name))
      throw new ServiceException("InvalidParameterException", `The cluster name ${name} is not valid`, {
        status: 400,
      });
    if (all.has(name))
      throw new ServiceException("ResourceInUseException", `Cluster already exists with name: ${name}`, {
        status: 409,
      });
    const mode = accessConfig.authenticationMode ?? "API";
    if (mode === "CONFIG_MAP")
      throw new ServiceException(
        "InvalidParameterException",
        "The sandbox's clusters know access entries only: choose authenticationMode API",
        { status: 400 },
      );
    const cluster: EksCluster = {
      name,
      arn: clusterArn(world, name),
      version: input.version ?? "1.32",
      roleArn: input.roleArn ?? "",
      status: "CREATING",
      createdAt: world.clock.now(),
      authenticationMode: mode as EksCluster["authenticationMode"],
      subnetIds: input.resourcesVpcConfig?.subnetIds ?? [],
      endpointAccess: {
        public: input.resourcesVpcConfig?.endpointPublicAccess ?? true,
        private: input.resourcesVpcConfig?.endpointPrivateAccess ?? false,
      },
      tags: input.tags ?? {},
      host: `${randomBytes(16).toString("hex")}.gr7.${world.region}.eks.amazonaws.com`,
    };
    all.set(name, cluster);
    startCluster(world, name, cluster.host).then(
      (engine) => {
        if (accessConfig.bootstrapClusterCreatorAdminPermissions !== false) {
          const principalArn = entryArn(world, principal);
          const at = world.clock.now();
          engine.access.set(principalArn, {
            principalArn,
            kubernetesGroups: [],
            username: usernameOf(principalArn),
            type: "STANDARD",
            createdAt: at,
            modifiedAt: at,
            tags: {},
            policies: new Map([
              [
                ADMIN_POLICY,
                {
                  policyArn: ADMIN_POLICY,
                  scope: { type: "cluster", namespaces: [] },
                  associatedAt: at,
                  modifiedAt: at,
                },
              ],
            ]),
          });
        }
        cluster.status = "ACTIVE";
      },
      (error: unknown) => {
        cluster.status = "FAILED";
        world.log("eks", `cluster ${name} did not start: ${String(error)}`);
      },
    );
    return { cluster: answerOf(world, cluster) };
  },
});
