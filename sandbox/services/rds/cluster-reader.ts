import { join } from "node:path";
import { certificateFor } from "../../engines/ca.ts";
import { allocateHost } from "../../engines/hosts.ts";
import { Cluster } from "../../engines/postgres/cluster.ts";
import { standBy } from "../../engines/postgres/standby.ts";
import type { World } from "../../world.ts";
import { clusterEndpoints, type Member } from "./cluster-state.ts";
import { endpointName, rdsState } from "./state.ts";

/**
 * Starts the server of an instance that only reads: a streaming standby of the volume's. Aurora's readers share the
 * volume; what a client sees is the same, a read-only server that follows the writer closely.
 */
export async function startReader(world: World, member: Member): Promise<void> {
  const { volume } = member.cluster;
  const name = endpointName(world, member.id);
  const { address } = await allocateHost(world, name, [volume.port]);
  const { writer, readers } = clusterEndpoints(world, member.cluster.id);
  const { certPem, keyPem } = await certificateFor(world, [writer, readers, name, address]);
  const server = new Cluster({
    binaries: rdsState(world).binaries,
    folder: join(world.root, "rds", member.resourceId),
    address,
    port: volume.port,
    superuserPassword: volume.superuserPassword,
    certPem,
    keyPem,
  });
  member.reader = server;
  await standBy(server, volume.cluster);
}
