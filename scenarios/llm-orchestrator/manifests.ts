export const CLUSTER = "llm-production";
export const NAMESPACE = "llm-orchestrator";
export const NAME = "orchestrator";
const REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
export const GOOD_IMAGE = `${REGISTRY}/orchestrator:v0.1.1`;
export const BAD_IMAGE = `${REGISTRY}/orchestrator:v0.2.0`;

const metadata = (name: string) => ({ name, namespace: NAMESPACE });
const labels = { app: NAME };

export const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } };

/** Settings as they were, and as the release has them: a number became a word. */
export const GOOD_SETTINGS = { MAX_STEPS: "50", PROVIDER: "openai" };
export const BAD_SETTINGS = { MAX_STEPS: "fifty", PROVIDER: "openai", ENGINE: "v2" };

export const configMap = (data: Record<string, string>) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: metadata("orchestrator-config"),
  data,
});

/** What the pods must not have in their manifest. */
export const secret = (stringData: Record<string, string>) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: metadata("orchestrator-secrets"),
  stringData,
});

export const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: metadata(NAME),
  spec: {
    type: "LoadBalancer",
    selector: labels,
    ports: [{ name: "https", port: 443, targetPort: 8443 }],
  },
};

export const deployment = (image: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: {
    ...metadata(NAME),
    labels,
    annotations: { "kubernetes.io/change-cause": `Update to ${image.split(":")[1]}` },
  },
  spec: {
    replicas: 3,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        terminationGracePeriodSeconds: 30,
        containers: [
          {
            name: NAME,
            image,
            ports: [{ name: "https", containerPort: 8443 }],
            envFrom: [
              { configMapRef: { name: "orchestrator-config" } },
              { secretRef: { name: "orchestrator-secrets" } },
            ],
            readinessProbe: {
              httpGet: { path: "/health/ready", port: "https", scheme: "HTTPS" },
              periodSeconds: 10,
              failureThreshold: 3,
            },
          },
        ],
      },
    },
  },
});

export const autoscaler = (minReplicas: number, maxReplicas: number) => ({
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: metadata(NAME),
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: NAME },
    minReplicas,
    maxReplicas,
    metrics: [
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
      },
    ],
  },
});
