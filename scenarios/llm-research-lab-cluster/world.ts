import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { CreateClusterCommand, DescribeClusterCommand, EKSClient } from "@aws-sdk/client-eks";
import { ChangeResourceRecordSetsCommand, Route53Client, type RRType } from "@aws-sdk/client-route-53";
import { parseAllDocuments } from "yaml";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { until } from "../until.ts";
import type { Target } from "./load.ts";

export const CLUSTER = "llm-research";
export const NAMESPACE = "llm-research";
export const GOOD = "1.2.2";
export const BAD = "1.3.0";
const DOMAIN = "llm-research.internal";
const ZONE = "Z0RESEARCHCLUSTER";
/** Seconds. */
const TTL = 30;

/** Both versions are in the registry under these names. */
export const image = (version: string): string =>
  `123456789012.dkr.ecr.us-east-1.amazonaws.com/llm-research:v${version}`;

type Balanced = {
  apiVersion: string;
  kind: string;
  metadata: never;
  status?: { loadBalancer?: { ingress?: { hostname: string }[] } };
};

/** What each level's part of the scenario is made in. */
export interface ClusterWorld {
  sandbox: Sandbox;
  apply(object: object): Promise<unknown>;
  /** Certificate and key for the services' names, as a secret `tls` of the namespace gives them to pods. */
  tls: { certPem: string; keyPem: string; caPem: string };
  /** Waits for the load balancer of a service and gives it its name `<workload>.llm-research.internal`. */
  balanced(service: string, workload: string): Promise<Target>;
  /** Names an address that is there already. */
  named(workload: string): Promise<Target>;
}

export const hostName = (workload: string): string => `${workload}.${DOMAIN}`;

/** A deployment of one of the image's versions, with two pods unless told otherwise. */
export const deployment = (
  name: string,
  version: string,
  labels: Record<string, string>,
  { replicas = 2, tls = true } = {},
) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: NAMESPACE, labels },
  spec: {
    replicas,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        terminationGracePeriodSeconds: 30,
        containers: [
          {
            name: "main",
            image: image(version),
            ports: [{ name: "web", containerPort: 8443 }],
            ...(tls ? { envFrom: [{ secretRef: { name: "tls" } }] } : {}),
            readinessProbe: {
              httpGet: { path: "/health/ready", port: "web", scheme: tls ? "HTTPS" : "HTTP" },
              periodSeconds: 10,
            },
          },
        ],
      },
    },
  },
});

export const service = (name: string, selector: Record<string, string>, type: string) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: NAMESPACE },
  spec: { type, selector, ports: [{ name: "web", port: 443, targetPort: 8443 }] },
});

/** The cluster with its namespace, its images, its names, and what the watchdog's roles may do in it. */
export async function clusterWorld(sandbox: Sandbox, workloads: string[]): Promise<ClusterWorld> {
  const eks = new EKSClient(sandbox.clientConfig());
  const roleArn = `arn:aws:iam::${sandbox.account}:role/${CLUSTER}-cluster`;
  await eks.send(new CreateClusterCommand({ name: CLUSTER, roleArn, resourcesVpcConfig: {} }));
  await sandbox.createHostedZone(DOMAIN, ZONE);
  await until("the cluster to be active", async () => {
    const { cluster } = await eks.send(new DescribeClusterCommand({ name: CLUSTER }));
    return cluster?.status === "ACTIVE";
  });
  for (const version of [GOOD, BAD])
    sandbox.pushImage(image(version), {
      command: [process.execPath, fileURLToPath(new URL("app.ts", import.meta.url)), version],
    });
  const { apply, get } = sandbox.cluster(CLUSTER);
  await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
  const access = await readFile(new URL("cluster-access.yaml", import.meta.url), "utf8");
  for (const document of parseAllDocuments(access)) {
    const object: unknown = document.toJS();
    if (object) await apply(object as object);
  }
  const tls = await sandbox.certificate(workloads.map(hostName));
  await apply({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "tls", namespace: NAMESPACE },
    stringData: { TLS_CERT: tls.certPem, TLS_KEY: tls.keyPem },
  });

  const record = (Name: string, Type: RRType, Value: string) =>
    new Route53Client(sandbox.clientConfig()).send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: ZONE,
        ChangeBatch: {
          Changes: [
            { Action: "CREATE", ResourceRecordSet: { Name, Type, TTL, ResourceRecords: [{ Value }] } },
          ],
        },
      }),
    );
  const target = (workload: string, address: string): Target => ({
    workload,
    address,
    port: 443 + sandbox.portOffset,
    host: hostName(workload),
    caPem: tls.caPem,
  });
  return {
    sandbox,
    apply,
    tls,
    async balanced(name, workload) {
      let hostname = "";
      await until(`the load balancer of ${name}`, async () => {
        const { status } = await get<Balanced>("Service", NAMESPACE, name);
        hostname = status?.loadBalancer?.ingress?.[0]?.hostname ?? "";
        return hostname !== "";
      });
      await record(hostName(workload), "CNAME", hostname);
      return target(workload, (await sandbox.allocateHost(hostname, [443])).address);
    },
    async named(workload) {
      const { address } = await sandbox.allocateHost(hostName(workload), [443]);
      await record(hostName(workload), "A", address);
      return target(workload, address);
    },
  };
}
