import type { World } from "../../world.ts";
import { type Cluster, clusters, newCluster } from "./cluster.ts";
import { startControllers } from "./controllers/index.ts";
import { openApiServer } from "./server.ts";

export { type AccessEntry, entryArn } from "./access/entries.ts";
export { ACCESS_POLICIES } from "./access/rules.ts";
export { type ClusterAdmin, clusterAdmin, tokenOf } from "./admin.ts";
export { kubernetes } from "./api.ts";
export { type Cluster, clusters } from "./cluster.ts";
export { pushImage } from "./pods/images.ts";

/** Starts a cluster: its API server listens when this resolves. */
export async function startCluster(world: World, name: string, host: string): Promise<Cluster> {
  const cluster = newCluster(world, name, host);
  try {
    await openApiServer(cluster);
  } catch (error) {
    clusters(world).delete(name);
    throw error;
  }
  startControllers(cluster);
  return cluster;
}
