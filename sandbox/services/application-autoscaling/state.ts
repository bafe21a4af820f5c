import type {
  ScalableDimension,
  ServiceNamespace,
  SuspendedState,
} from "@aws-sdk/client-application-auto-scaling";
import type { Call } from "../../service.ts";
import { randomId, stateOf } from "../../world.ts";

export interface ScalableTarget {
  arn: string;
  namespace: ServiceNamespace;
  resourceId: string;
  dimension: ScalableDimension;
  min: number;
  max: number;
  suspended: Required<SuspendedState>;
  createdAt: number;
}

/** By namespace, resource and dimension. Nothing scales here: policies are not implemented. */
export const scalableTargets = stateOf(() => new Map<string, ScalableTarget>());

export const keyOf = (namespace = "", resourceId = "", dimension = "") =>
  `${namespace} ${resourceId} ${dimension}`;

export const newArn = ({ world }: Call) =>
  world.arn("application-autoscaling", `scalable-target/${randomId(35, "0123456789abcdef")}`);
