import { join } from "node:path";
import { CreateClusterCommand, DescribeClusterCommand, EKSClient } from "@aws-sdk/client-eks";
import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { clusterGrants, clusterManifests } from "../../../lib/plan/cluster-access.ts";
import { loadPlanOrThrow } from "../../../lib/plan/load.ts";
import { registries } from "../../../lib/plan/registries.ts";
import type { Sandbox } from "../../../sandbox/sandbox.ts";
import type { Scenario } from "../../../scenarios/scenario.ts";
import { until } from "../../../scenarios/until.ts";

export const CLUSTER = "prod";
export const NAMESPACE = "shop";

/** A deployment of one container that does nothing. */
export const deployment = (
  name: string,
  given: { release?: string; replicas?: number; labels?: object } = {},
) => {
  const labels = { app: name, ...given.labels };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: NAMESPACE },
    spec: {
      replicas: given.replicas ?? 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: "main",
              image: "registry.k8s.io/pause:3.10",
              env: [{ name: "RELEASE", value: given.release ?? "1" }],
            },
          ],
        },
      },
    },
  };
};

/** An Argo Rollout, as far as the suite looks into it. */
export interface Rollout {
  apiVersion: string;
  kind: string;
  metadata: never;
  spec: { replicas: number };
  status?: { abort?: boolean; phase?: string; observedGeneration?: string; availableReplicas?: number };
}

/** Half of the pods get a new release, and there it waits for somebody. */
export const rollout = (name: string, release: string) => {
  const { spec } = deployment(name, { release });
  const strategy = { canary: { steps: [{ setWeight: 50 }, { pause: {} }] } };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name, namespace: NAMESPACE },
    spec: { ...spec, replicas: 2, strategy },
  };
};

const inPhase = (sandbox: Sandbox, name: string, phase: string) =>
  until(`${name} to be ${phase}`, async () => {
    const { metadata, status } = await sandbox.cluster(CLUSTER).get<Rollout>("Rollout", NAMESPACE, name);
    const { generation } = metadata as { generation: number };
    return status?.observedGeneration === String(generation) && status.phase === phase;
  });

export const canaryPaused = (sandbox: Sandbox, name: string) => inPhase(sandbox, name, "Paused");

export async function settled({ cluster }: Sandbox, name: string): Promise<void> {
  type Counted = {
    apiVersion: string;
    kind: string;
    metadata: never;
    spec: { replicas: number };
    status?: {
      observedGeneration?: number;
      replicas?: number;
      updatedReplicas?: number;
      availableReplicas?: number;
    };
  };
  await until(`${name} to be rolled out`, async () => {
    const { metadata, spec, status } = await cluster(CLUSTER).get<Counted>("Deployment", NAMESPACE, name);
    const { observedGeneration, replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status ?? {};
    return (
      observedGeneration === (metadata as { generation: number }).generation &&
      [replicas, updatedReplicas, availableReplicas].every((count) => count === spec.replicas)
    );
  });
}

/** Release 1 and release 2 of a deployment, in this order. */
export async function released(sandbox: Sandbox, name: string): Promise<void> {
  for (const release of ["1", "2"]) {
    await sandbox.cluster(CLUSTER).apply(deployment(name, { release }));
    await settled(sandbox, name);
  }
}

const object = (kind: string, name: string, rest: object, apiVersion = "v1") => ({
  apiVersion,
  kind,
  metadata: { name, namespace: NAMESPACE },
  ...rest,
});

const nothing = async () => undefined;

/** A cluster with one of everything that the plan beside this file changes. */
export const cluster: Scenario = {
  name: "cluster",
  summary: "nothing runs and nothing breaks: the contract suite calls the steps",
  async prepare(sandbox) {
    const aws = sandbox.clientConfig();
    const eks = new EKSClient(aws);
    const roleArn = `arn:aws:iam::${sandbox.account}:role/cluster`;
    await eks.send(new CreateClusterCommand({ name: CLUSTER, roleArn, resourcesVpcConfig: {} }));
    await until("the cluster to be active", async () => {
      const { cluster: found } = await eks.send(new DescribeClusterCommand({ name: CLUSTER }));
      return found?.status === "ACTIVE";
    });
    const { apply } = sandbox.cluster(CLUSTER);
    await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
    const plan = loadPlanOrThrow(join(import.meta.dirname, "cluster.yaml"));
    for (const each of clusterManifests(plan.service, clusterGrants(plan, registries))) await apply(each);
    await released(sandbox, "web");
    await apply(deployment("worker"));
    await apply(deployment("canary"));
    for (const version of ["blue", "green"])
      await apply(deployment(version, { labels: { version, tier: "shop" } }));
    for (const each of ["worker", "canary", "blue", "green"]) await settled(sandbox, each);
    for (const name of ["api", "promoted"]) {
      await apply(rollout(name, "1"));
      await inPhase(sandbox, name, "Healthy");
    }
    await apply(rollout("api", "2"));
    await canaryPaused(sandbox, "api");
    await apply(
      object("Service", "shop", {
        spec: { selector: { tier: "shop", version: "green" }, ports: [{ port: 80 }] },
      }),
    );
    await apply(object("ConfigMap", "settings", { data: { limit: "100", feature: "on" } }));
    await apply(object("Secret", "provider", { stringData: { key: "the provider's new key" } }));
    const target = { apiVersion: "apps/v1", kind: "Deployment", name: "idle" };
    await apply(
      object(
        "HorizontalPodAutoscaler",
        "web",
        { spec: { minReplicas: 1, maxReplicas: 2, scaleTargetRef: target } },
        "autoscaling/v2",
      ),
    );
    const to = (subset: string, weight: number) => ({ destination: { host: "shop", subset }, weight });
    await apply(
      object(
        "VirtualService",
        "shop",
        { spec: { hosts: ["shop"], http: [{ route: [to("stable", 80), to("canary", 20)] }] } },
        "networking.istio.io/v1",
      ),
    );
    const s3 = new S3Client({ ...aws, forcePathStyle: true });
    const Bucket = "shop-manifests";
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
    const Body = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { limit: '10' }\n";
    await s3.send(new PutObjectCommand({ Bucket, Key: "settings.yaml", Body }));
    // As somebody wrote it: without what the cluster fills in.
    const saved = JSON.stringify(deployment("web", { release: "saved" }));
    await s3.send(new PutObjectCommand({ Bucket, Key: "web.yaml", Body: saved }));
    const secrets = new SecretsManagerClient(aws);
    const SecretId = "shop/provider-key";
    const value = (key: string) => JSON.stringify({ key });
    await secrets.send(
      new CreateSecretCommand({ Name: SecretId, SecretString: value("the provider's old key") }),
    );
    await secrets.send(
      new PutSecretValueCommand({ SecretId, SecretString: value("the provider's new key") }),
    );
    return {
      url: "",
      warmUp: nothing,
      announceVersion: nothing,
      release: async () => [],
      figures: () => ({ errorRate: undefined, requestsPerSecond: 0 }),
      expectations: async () => [],
      stop: nothing,
    };
  },
};
