import type { Service } from "../../service.ts";
import { DescribeScalableTargets } from "./DescribeScalableTargets.ts";
import { RegisterScalableTarget } from "./RegisterScalableTarget.ts";

/** Application Auto Scaling: scalable targets with their bounds and what of them is suspended. */
export const applicationAutoscaling: Service = {
  name: "application-autoscaling",
  client: () => import("@aws-sdk/client-application-auto-scaling"),
  operations: { DescribeScalableTargets, RegisterScalableTarget },
};
