import { kubernetes } from "../../runtime/kubernetes/client.ts";
import { type Deployment, type Pod, pathOf } from "../../runtime/kubernetes/workload.ts";
import { serveCheck } from "../../runtime/serve-check.ts";
import { judged } from "./judge.ts";
import { k8sReady } from "./spec.ts";

export const handler = serveCheck(k8sReady, async (input, context) => {
  const api = await kubernetes(input.cluster, context);
  const { namespace, deployment } = input;
  const found = await api.get<Deployment>(pathOf.deployment(namespace, deployment));
  if (!found)
    return {
      verdict: "failed",
      limit: `a deployment ${namespace}/${deployment}`,
      evidence: [`there is no deployment ${namespace}/${deployment} in the cluster ${input.cluster}`],
    };
  const pods = await api.list<Pod>(pathOf.pods(namespace), found.spec.selector.matchLabels);
  return judged(input, found, pods);
});
