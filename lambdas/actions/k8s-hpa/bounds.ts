import type * as z from "zod";
import type { k8sHpa } from "./spec.ts";

/** An autoscaler's spec, as far as it is changed. */
export interface AutoscalerSpec {
  minReplicas?: number;
  maxReplicas?: number;
  scaleTargetRef?: object;
  metrics?: object[];
  behavior?: { scaleUp?: Side; scaleDown?: Side };
}
interface Side {
  selectPolicy?: string;
  stabilizationWindowSeconds?: number;
}

/** Neither up nor down; what else its sides say stays for later. Pure. */
export const suspended = (spec: AutoscalerSpec): AutoscalerSpec => ({
  ...spec,
  behavior: {
    ...spec.behavior,
    scaleUp: { ...spec.behavior?.scaleUp, selectPolicy: "Disabled" },
    scaleDown: { ...spec.behavior?.scaleDown, selectPolicy: "Disabled" },
  },
});

export const isSuspended = ({ behavior }: AutoscalerSpec): boolean =>
  behavior?.scaleUp?.selectPolicy === "Disabled" && behavior.scaleDown?.selectPolicy === "Disabled";

/** What a step makes of an autoscaler, or of none. Pure. */
export function wantedSpec(
  { suspend, minReplicas, maxReplicas, cpuPercent, deployment }: z.output<typeof k8sHpa.input>,
  found: AutoscalerSpec = {},
): AutoscalerSpec {
  if (suspend) return suspended(found);
  const { behavior, ...rest } = found;
  return {
    ...(deployment
      ? { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment } }
      : {}),
    ...rest,
    minReplicas,
    maxReplicas,
    ...(cpuPercent
      ? {
          metrics: [
            {
              type: "Resource",
              resource: { name: "cpu", target: { type: "Utilization", averageUtilization: cpuPercent } },
            },
          ],
        }
      : {}),
    ...(behavior ? { behavior: awake(behavior) } : {}),
  };
}

function awake(behavior: NonNullable<AutoscalerSpec["behavior"]>): AutoscalerSpec["behavior"] {
  const side = (given: Side | undefined) => {
    if (given?.selectPolicy !== "Disabled") return given;
    const { selectPolicy: _, ...rest } = given;
    return rest;
  };
  const [scaleUp, scaleDown] = [side(behavior.scaleUp), side(behavior.scaleDown)];
  return { ...(scaleUp ? { scaleUp } : {}), ...(scaleDown ? { scaleDown } : {}) };
}
