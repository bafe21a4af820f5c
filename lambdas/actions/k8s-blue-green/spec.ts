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

const Labels = z.record(z.string().min(1), z.string());

/** R4. Colours are labels: which of them the service reaches is its selector. */
export const k8sBlueGreen = defineAction({
  kind: "k8s-blue-green",
  summary: "Point a Kubernetes service at other pods by its selector, only if enough of them are ready",
  input: z.strictObject({
    ...place,
    service: objectName("service"),
    to: Labels.refine((labels) => Object.keys(labels).length > 0, "at least one label").describe(
      "labels of the selector that change, such as { version: blue }; the others stay",
    ),
    ready: z.int().min(1).default(1).describe("pods that must be ready where it is pointed at"),
  }),
  before: z.strictObject({ uid: z.string(), selector: Labels, target: Labels }),
  outputs: z.strictObject({
    selector: Labels.describe("the service's selector now"),
    endpoints: z.number().describe("ready pods that it reaches"),
  }),
  effect: "switches",
  // The selector as it was is all that it changes.
  keepsBefore: true,
  revertible: true,
  timing: { timeoutSeconds: 120, pollSeconds: 5 },
  permissions: describeCluster,
  clusterAccess: ({ cluster, namespace, service }) => ({
    cluster,
    namespace,
    read: [may.get("", "services", service), may.get("", "endpoints", service), may.list("", "pods")],
    write: [may.change("", "services", service), may.list("", "pods")],
  }),
  touches: (input) => [objectId("service", input, input.service)],
  clients: CLUSTER_CLIENTS,
  needsVpc: true,
  runbooks: ["R4"],
  docs: ["https://kubernetes.io/docs/concepts/services-networking/service/"],
});
