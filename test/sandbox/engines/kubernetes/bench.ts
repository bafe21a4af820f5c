import { request } from "node:https";
import { CreateClusterCommand, DescribeClusterCommand, EKSClient } from "@aws-sdk/client-eks";
import { hostOf, openedPort } from "../../../../sandbox/engines/hosts.ts";
import { type ClusterAdmin, clusterAdmin, kubernetes } from "../../../../sandbox/engines/kubernetes/index.ts";
import type { Deployment } from "../../../../sandbox/engines/kubernetes/objects.ts";
import { eks } from "../../../../sandbox/services/eks/index.ts";
import { until } from "../../../../scenarios/until.ts";
import { openWorld, type TestWorld } from "../../front/harness.ts";

export const CLUSTER = "prod";
export const PAUSE = "registry.k8s.io/pause:3.10";

export interface ClusterBench {
  test: TestWorld;
  eks: EKSClient;
  admin: ClusterAdmin;
  /** Waits until a deployment runs its template with all replicas. */
  rolledOut(name: string): Promise<Deployment>;
}

export async function clusterBench(): Promise<ClusterBench> {
  const test = await openWorld([eks, kubernetes]);
  const client = new EKSClient(test.admin);
  await client.send(
    new CreateClusterCommand({
      name: CLUSTER,
      roleArn: `arn:aws:iam::${test.world.account}:role/cluster`,
      resourcesVpcConfig: {},
    }),
  );
  await until("the cluster to be active", async () => {
    const { cluster } = await client.send(new DescribeClusterCommand({ name: CLUSTER }));
    return cluster?.status === "ACTIVE";
  });
  const admin = clusterAdmin(test.world, CLUSTER);
  const rolledOut = async (name: string) => {
    const read = () => admin.get<Deployment>("Deployment", "default", name);
    await until(`${name} to be rolled out`, async () => {
      const { metadata, spec, status } = await read();
      const { observedGeneration, replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status ?? {};
      const all = spec!.replicas;
      return (
        observedGeneration === metadata.generation &&
        replicas === all &&
        updatedReplicas === all &&
        availableReplicas === all
      );
    });
    return read();
  };
  return { test, eks: client, admin, rolledOut };
}

/** A deployment of one container. */
export const deployment = (name: string, container: object = {}, spec: object = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: "default", labels: { app: name } },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "main", image: PAUSE, ...container }] },
    },
    ...spec,
  },
});

export interface Asked {
  status: number;
  body: Record<string, unknown> & { message?: string; reason?: string };
}

/** One request to the API server with a bearer token. */
export async function ask(
  { test, eks: client }: ClusterBench,
  token: string,
  method: string,
  path: string,
  body?: unknown,
  contentType = "application/json",
): Promise<Asked> {
  const { cluster } = await client.send(new DescribeClusterCommand({ name: CLUSTER }));
  const { hostname } = new URL(cluster!.endpoint!);
  const { address } = hostOf(test.world, hostname)!;
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: address,
        port: openedPort(443),
        servername: hostname,
        ca: Buffer.from(cluster!.certificateAuthority!.data!, "base64"),
        method,
        path,
        headers: { authorization: `Bearer ${token}`, "content-type": contentType },
      },
      (answer) => {
        let text = "";
        answer.on("data", (part: Buffer) => {
          text += part.toString();
        });
        answer.on("end", () => resolve({ status: answer.statusCode!, body: JSON.parse(text) }));
      },
    );
    sent.on("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
