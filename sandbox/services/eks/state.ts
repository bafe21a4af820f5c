import { type Cluster as Engine, clusters as engines } from "../../engines/kubernetes/index.ts";
import { ServiceException } from "../../service.ts";
import { stateOf, type World } from "../../world.ts";

/** What EKS knows of a cluster beside what runs in it. */
export interface EksCluster {
  name: string;
  arn: string;
  version: string;
  roleArn: string;
  status: "CREATING" | "ACTIVE" | "FAILED";
  createdAt: number;
  authenticationMode: "API" | "API_AND_CONFIG_MAP";
  subnetIds: string[];
  /** Who may reach its API server; the sandbox only tells it. */
  endpointAccess: { public: boolean; private: boolean };
  tags: Record<string, string>;
  /** `<32 hexadecimal digits>.gr7.<region>.eks.amazonaws.com` */
  host: string;
}

/** Clusters by name. */
export const eksClusters = stateOf(() => new Map<string, EksCluster>());

export const clusterArn = (world: World, name = ""): string => world.arn("eks", `cluster/${name}`);

export function clusterNamed(world: World, name = ""): EksCluster {
  const found = eksClusters(world).get(name);
  if (!found)
    throw new ServiceException("ResourceNotFoundException", `No cluster found for name: ${name}.`, {
      status: 404,
    });
  return found;
}

/** What runs in a cluster; access can be given as soon as it does. */
export function engineOf(world: World, name = ""): Engine {
  clusterNamed(world, name);
  const engine = engines(world).get(name);
  if (!engine)
    throw new ServiceException("ResourceInUseException", `Cluster status is not active: ${name}`, {
      status: 409,
    });
  return engine;
}
