import * as z from "zod";
import {
  CLUSTER_CLIENTS,
  describeCluster,
  may,
  objectId,
  objectName,
  place,
} from "../../runtime/cluster-spec.ts";
import { defineAction } from "../../runtime/spec.ts";

/** R5. */
export const k8sCanary = defineAction({
  kind: "k8s-canary",
  summary:
    "Give all traffic of an Istio virtual service to the stable subset, and scale the canary to nothing",
  input: z.strictObject({
    ...place,
    virtualService: objectName("virtual service"),
    stable: z.string().min(1).default("stable").describe("subset that gets 100 %"),
    canary: z.string().min(1).default("canary").describe("subset that gets 0 %"),
    deployment: objectName("deployment of the canary"),
  }),
  before: z.strictObject({
    uid: z.string(),
    routes: z.array(z.unknown()).describe("the virtual service's HTTP routes as they were"),
    deployment: z.string(),
    replicas: z.int(),
    ready: z.int().describe("pods of the canary that were ready"),
  }),
  outputs: z.strictObject({
    weight: z.number().describe("percent of the traffic that the canary gets"),
    replicas: z.number().describe("pods of the canary"),
  }),
  effect: "overwrites",
  keepsBefore: true,
  revertible: true,
  // Taken back, the canary's pods come first: it gets its traffic again when they are ready.
  timing: { timeoutSeconds: 300, pollSeconds: 5, phases: 2 },
  permissions: describeCluster,
  clusterAccess: ({ cluster, namespace, virtualService, deployment }) => ({
    cluster,
    namespace,
    read: [
      may.get("networking.istio.io", "virtualservices", virtualService),
      may.get("apps", "deployments", deployment),
      may.list("", "pods"),
    ],
    write: [
      may.change("networking.istio.io", "virtualservices", virtualService),
      may.change("apps", "deployments", deployment),
      may.list("", "pods"),
    ],
  }),
  touches: (input) => [
    objectId("virtual-service", input, input.virtualService),
    objectId("deployment", input, input.deployment),
  ],
  clients: CLUSTER_CLIENTS,
  needsVpc: true,
  runbooks: ["R5"],
  docs: ["https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRouteDestination"],
});
