import { createServer } from "node:https";
import { certificateFor } from "../../engines/ca.ts";
import { allocateHost, openedPort } from "../../engines/hosts.ts";
import { frontListener } from "../../front/server.ts";
import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";

/** The Regions of every cluster. https://docs.aws.amazon.com/r53recovery/latest/dg/introduction-components-routing.html */
const REGIONS = ["us-east-1", "us-west-2", "eu-west-1", "ap-northeast-1", "ap-southeast-2"];
const PORT = 443;

/** What is wrong with an endpoint: nobody answers, it never answers, or it says that it cannot. */
export type EndpointHarm = "down" | "hangs" | "unavailable";

/** One of a cluster's five endpoints; any one of them is enough. */
export interface ClusterEndpoint {
  region: string;
  url: string;
}

/** A cluster of routing controls: five endpoints in five Regions, which can be made to fail one by one. */
export interface RecoveryCluster {
  endpoints: ClusterEndpoint[];
  /** Undefined: it is well again. */
  harm(region: string, harm: EndpointHarm | undefined): void;
}

/** Opens the five endpoints of a cluster, each on an address of its own; `id` is a part of their names. */
export async function openCluster(world: World, id: string): Promise<RecoveryCluster> {
  const harms = new Map<string, EndpointHarm>();
  const endpoints = await Promise.all(
    REGIONS.map(async (region) => {
      const host = `${id}.route53-recovery-cluster.${region}.amazonaws.com`;
      const { address } = await allocateHost(world, host, [PORT]);
      const { certPem, keyPem } = await certificateFor(world, [host]);
      const answer = frontListener(world, {
        before: () => {
          if (harms.get(region) === "unavailable")
            throw new ServiceException(
              "EndpointTemporarilyUnavailableException",
              "The cluster endpoint isn't available. Try another cluster endpoint.",
            );
        },
      });
      const server = createServer({ cert: certPem, key: keyPem }, (message, response) => {
        const harm = harms.get(region);
        if (harm === "down") message.socket.destroy();
        else if (harm !== "hangs") answer(message, response);
      });
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(openedPort(PORT), address, resolve);
      });
      world.onStop(
        () =>
          new Promise<void>((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          }),
      );
      return { region, url: `https://${host}/v1` };
    }),
  );
  return {
    endpoints,
    harm: (region, harm) => void (harm ? harms.set(region, harm) : harms.delete(region)),
  };
}
