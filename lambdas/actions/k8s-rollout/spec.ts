import * as z from "zod";
import {
  CLUSTER_CLIENTS,
  describeCluster,
  may,
  objectId,
  objectName,
  place,
  readsSaved,
  Saved,
} from "../../runtime/cluster-spec.ts";
import { defineAction } from "../../runtime/spec.ts";

/** R3, O3 to O5. What runs and what is to run are both kept by the cluster, as replica sets; only their names are here. */
export const k8sRollout = defineAction({
  kind: "k8s-rollout",
  summary:
    "Bring a Kubernetes deployment back to an earlier revision, or to an image, and wait until it runs",
  input: z
    .strictObject({
      ...place,
      deployment: objectName("deployment"),
      to: z
        .union([z.enum(["previous", "last-good"]), z.int().min(1)])
        .optional()
        .describe(
          "`previous` (unless given): the revision before the present one; `last-good`: the newest one whose image tag is the version that the run goes back to; or a revision's number",
        ),
      image: z
        .string()
        .min(1)
        .optional()
        .describe("an image instead of a revision; the rest of the template stays"),
      from: Saved.optional().describe(
        "a saved manifest of the deployment instead of a revision; its template is what comes back",
      ),
      container: objectName("container that gets the image; the only one unless given").optional(),
    })
    .refine(({ to, image, from }) => [to, image, from].filter((each) => each !== undefined).length <= 1, {
      path: ["to"],
      message: "give one of a revision (to), an image and a saved manifest (from)",
    }),
  before: z.strictObject({
    uid: z.string(),
    paused: z.boolean(),
    current: z.strictObject({ replicaSet: z.string(), digest: z.string() }),
    target: z.strictObject({
      replicaSet: z.string().optional(),
      image: z.string().optional(),
      container: z.string().optional(),
      savedVersion: z.string().optional().describe("version id of the saved manifest"),
      digest: z.string(),
    }),
  }),
  outputs: z.strictObject({
    revision: z
      .number()
      .describe("revision that runs now; the template that came back has the newest number"),
    image: z.string().describe("images of its containers"),
  }),
  effect: "overwrites",
  keepsBefore: true,
  revertible: true,
  timing: { timeoutSeconds: 300, pollSeconds: 5 },
  permissions: (input, arn) => {
    const { read, write } = describeCluster(input, arn);
    const { find, get } = readsSaved(input.from, arn);
    return { read: [...read, ...find, ...get], write: [...write, ...get] };
  },
  clusterAccess: ({ cluster, namespace, deployment }) => {
    const history = may.list("apps", "replicasets");
    return {
      cluster,
      namespace,
      read: [may.get("apps", "deployments", deployment), history],
      write: [may.change("apps", "deployments", deployment), history],
    };
  },
  touches: (input) => [objectId("deployment", input, input.deployment)],
  clients: [...CLUSTER_CLIENTS, "@aws-sdk/client-s3"],
  needsVpc: true,
  runbooks: ["R3", "O3", "O4", "O5"],
  docs: ["https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-back-a-deployment"],
});
