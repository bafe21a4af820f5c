import type {
  Container,
  Deployment,
  KubeObject,
  KubeService,
  PodSpec,
  PodTemplate,
  Probe,
  ReplicaSet,
  Secret,
} from "./objects.ts";
import { qualified, type ResourceType } from "./resources.ts";
import { selects } from "./selectors.ts";
import { failure } from "./status.ts";

type Kind = Omit<KubeObject, "metadata"> & { metadata: { name: string; namespace?: string } };

/** What the API server fills in before it stores an object. Pure. */
export function withDefaults<Given extends Kind>(object: Given): Given {
  const kind = object.kind;
  if (kind === "Deployment") return deployment(object as never) as never;
  if (kind === "ReplicaSet") {
    const { spec } = object as unknown as ReplicaSet;
    return {
      ...object,
      spec: { ...spec, replicas: spec!.replicas ?? 1, template: template(spec!.template) },
    };
  }
  if (kind === "Rollout") return { ...object, spec: { replicas: 1, ...(object.spec as object) } };
  if (kind === "Pod") return { ...object, spec: podSpec(object.spec as PodSpec) };
  if (kind === "Secret") return secret(object as never) as never;
  if (kind === "Service") return service(object as never) as never;
  if (kind === "HorizontalPodAutoscaler")
    return { ...object, spec: { minReplicas: 1, ...(object.spec as object) } };
  return object;
}

function deployment(object: Deployment): Deployment {
  const spec = object.spec!;
  const strategy = spec.strategy ?? { type: "RollingUpdate" };
  return {
    ...object,
    spec: {
      ...spec,
      replicas: spec.replicas ?? 1,
      revisionHistoryLimit: spec.revisionHistoryLimit ?? 10,
      progressDeadlineSeconds: spec.progressDeadlineSeconds ?? 600,
      strategy:
        strategy.type === "Recreate"
          ? { type: "Recreate" }
          : {
              type: "RollingUpdate",
              rollingUpdate: {
                maxSurge: strategy.rollingUpdate?.maxSurge ?? "25%",
                maxUnavailable: strategy.rollingUpdate?.maxUnavailable ?? "25%",
              },
            },
      template: template(spec.template),
    },
  };
}

/** Clients that know the kinds write `creationTimestamp: null` into a template and `resources: {}` into a container. */
function template({ metadata, spec }: PodTemplate): PodTemplate {
  const { creationTimestamp: _, ...rest } = (metadata ?? {}) as Record<string, unknown>;
  return { metadata: rest, spec: podSpec(spec) };
}

const podSpec = (spec: PodSpec): PodSpec => ({
  ...spec,
  terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? 30,
  containers: spec.containers.map(container),
});

const container = (given: Container): Container => ({
  resources: {},
  ...given,
  ...(given.ports ? { ports: given.ports.map((port) => ({ protocol: "TCP", ...port })) } : {}),
  ...(given.readinessProbe ? { readinessProbe: probe(given.readinessProbe) } : {}),
  ...(given.livenessProbe ? { livenessProbe: probe(given.livenessProbe) } : {}),
});

const probe = (given: Probe): Probe => ({
  timeoutSeconds: 1,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
  ...given,
  ...(given.httpGet ? { httpGet: { path: "/", scheme: "HTTP", ...given.httpGet } } : {}),
});

function secret({ stringData = {}, ...object }: Secret): Secret {
  const data = Object.entries(stringData).map(([name, value]) => [
    name,
    Buffer.from(value).toString("base64"),
  ]);
  return { type: "Opaque", ...object, data: { ...object.data, ...Object.fromEntries(data) } };
}

const service = (object: KubeService): KubeService => ({
  ...object,
  spec: {
    type: "ClusterIP",
    ...object.spec,
    ports: (object.spec?.ports ?? []).map((port) => ({ protocol: "TCP", targetPort: port.port, ...port })),
  },
});

/** Throws Invalid for what the API server would not store. */
export function validate(resource: ResourceType, object: Kind, before?: KubeObject): void {
  const refuse = (field: string, reason: string) =>
    failure(
      "Invalid",
      `${object.kind}.${qualified(resource)} "${object.metadata.name}" is invalid: ${field}: ${reason}`,
      {
        name: object.metadata.name,
        group: resource.group,
        kind: object.kind,
        causes: [{ reason: "FieldValueInvalid", message: reason, field }],
      },
    );
  if (!/^[a-z0-9]([a-z0-9.:-]{0,251}[a-z0-9])?$/.test(object.metadata.name))
    throw refuse("metadata.name", `Invalid value: "${object.metadata.name}": a lowercase RFC 1123 subdomain`);
  if (object.kind === "Deployment" || object.kind === "ReplicaSet") {
    const { spec } = object as unknown as Deployment;
    if (!spec?.template?.spec?.containers?.length)
      throw refuse("spec.template.spec.containers", "Required value");
    if (!selects(spec.selector, spec.template.metadata?.labels))
      throw refuse("spec.template.metadata.labels", "`selector` does not match template `labels`");
    if (!Number.isInteger(spec.replicas) || spec.replicas < 0)
      throw refuse("spec.replicas", `Invalid value: ${spec.replicas}: must be greater than or equal to 0`);
    const old = (before as Deployment | undefined)?.spec?.selector;
    if (old && JSON.stringify(old) !== JSON.stringify(spec.selector))
      throw refuse("spec.selector", "field is immutable");
  }
  if (object.kind === "Rollout") {
    const { strategy, template: pods } = (object.spec ?? {}) as Record<string, { [name: string]: unknown }>;
    const {
      steps = [],
      maxSurge: _,
      maxUnavailable: __,
      ...more
    } = (strategy?.["canary"] ?? {}) as {
      steps?: object[];
      [name: string]: unknown;
    };
    const known = steps.every((step) => ["setWeight", "pause"].includes(Object.keys(step).join()));
    if (!pods || !strategy?.["canary"] || Object.keys(more).length > 0 || !known)
      throw refuse(
        "spec",
        "the sandbox's rollouts have a template and the canary strategy with the steps setWeight and pause, and nothing else",
      );
  }
  if (object.kind === "HorizontalPodAutoscaler") {
    const { minReplicas, maxReplicas } = object.spec as { minReplicas: number; maxReplicas: number };
    if (!(maxReplicas >= 1)) throw refuse("spec.maxReplicas", "must be greater than 0");
    if (maxReplicas < minReplicas)
      throw refuse("spec.maxReplicas", "must be greater than or equal to `minReplicas`");
  }
}
