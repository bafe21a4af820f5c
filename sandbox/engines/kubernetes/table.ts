import type { ArgoRollout } from "./controllers/argo-canary.ts";
import type { Deployment, KubeObject, KubeService, Pod, ReplicaSet } from "./objects.ts";

interface Column {
  name: string;
  type?: string;
  of(object: never, now: number): string | number;
}

const age: Column = {
  name: "Age",
  of: ({ metadata }: KubeObject, now) => duration(now - Date.parse(metadata.creationTimestamp)),
};

/** Columns of `kubectl get` beside the name. */
const COLUMNS: Record<string, Column[]> = {
  Deployment: [
    {
      name: "Ready",
      of: ({ spec, status }: Deployment) => `${status?.readyReplicas ?? 0}/${spec?.replicas}`,
    },
    {
      name: "Up-to-date",
      type: "integer",
      of: ({ status }: Deployment) => status?.updatedReplicas ?? 0,
    },
    {
      name: "Available",
      type: "integer",
      of: ({ status }: Deployment) => status?.availableReplicas ?? 0,
    },
    age,
  ],
  ReplicaSet: [
    { name: "Desired", type: "integer", of: ({ spec }: ReplicaSet) => spec?.replicas ?? 0 },
    { name: "Current", type: "integer", of: ({ status }: ReplicaSet) => status?.replicas ?? 0 },
    { name: "Ready", type: "integer", of: ({ status }: ReplicaSet) => status?.readyReplicas ?? 0 },
    age,
  ],
  Rollout: [
    { name: "Desired", type: "integer", of: ({ spec }: ArgoRollout) => spec?.replicas ?? 0 },
    { name: "Current", type: "integer", of: ({ status }: ArgoRollout) => status?.replicas ?? 0 },
    { name: "Up-to-date", type: "integer", of: ({ status }: ArgoRollout) => status?.updatedReplicas ?? 0 },
    { name: "Available", type: "integer", of: ({ status }: ArgoRollout) => status?.availableReplicas ?? 0 },
    age,
  ],
  Pod: [
    { name: "Ready", of: readyContainers },
    { name: "Status", of: podState },
    {
      name: "Restarts",
      type: "integer",
      of: ({ status }: Pod) =>
        (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0),
    },
    age,
  ],
  Service: [
    { name: "Type", of: ({ spec }: KubeService) => spec?.type ?? "" },
    { name: "Cluster-IP", of: ({ spec }: KubeService) => spec?.clusterIP ?? "None" },
    {
      name: "External-IP",
      of: ({ status }: KubeService) => status?.loadBalancer?.ingress?.[0]?.hostname ?? "<none>",
    },
    {
      name: "Port(s)",
      of: ({ spec }: KubeService) =>
        (spec?.ports ?? []).map(({ port, protocol }) => `${port}/${protocol}`).join(","),
    },
    age,
  ],
};

function readyContainers({ spec, status }: Pod): string {
  const ready = (status?.containerStatuses ?? []).filter((each) => each.ready).length;
  return `${ready}/${spec?.containers.length}`;
}

function podState({ metadata, status }: Pod): string {
  if (metadata.deletionTimestamp) return "Terminating";
  const states = (status?.containerStatuses ?? []).map(({ state }) => state);
  const reason = states.map((state) => state["waiting"]?.reason ?? state["terminated"]?.reason).find(Boolean);
  return reason ?? status?.phase ?? "Unknown";
}

/** `90s`, `12m`, `3h`, `2d`, as kubectl writes ages. */
function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

/** Objects of one kind as the table that `kubectl get` prints. */
export function tableOf(kind: string, objects: KubeObject[], resourceVersion: string, now: number): object {
  const columns = COLUMNS[kind] ?? [age];
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: { resourceVersion },
    columnDefinitions: [
      { name: "Name", type: "string", format: "name", description: "", priority: 0 },
      ...columns.map(({ name, type = "string" }) => ({
        name,
        type,
        format: "",
        description: "",
        priority: 0,
      })),
    ],
    rows: objects.map((object) => ({
      cells: [object.metadata.name, ...columns.map((column) => column.of(object as never, now))],
      object: { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata },
    })),
  };
}
