import type {
  RegisterScalableTargetCommandInput,
  RegisterScalableTargetResponse,
} from "@aws-sdk/client-application-auto-scaling";
import { type Authorization, operation, ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { keyOf, newArn, scalableTargets } from "./state.ts";

/**
 * What Application Auto Scaling tries in the caller's name before it takes a target; AWS says ValidationException where
 * the sandbox says AccessDenied.
 * https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission_validation.html
 */
function validated(
  world: World,
  { ServiceNamespace, ResourceId = "" }: RegisterScalableTargetCommandInput,
): Authorization[] {
  if (ServiceNamespace !== "ecs") return [];
  const resources = [world.arn("ecs", ResourceId)];
  return ["ecs:DescribeServices", "ecs:UpdateService"].map((action) => ({ action, resources }));
}

/** Makes a scalable target, or changes what is given of one that exists. */
export const RegisterScalableTarget = operation<
  RegisterScalableTargetCommandInput,
  RegisterScalableTargetResponse
>({
  authorize: (input, { world }) => [
    {
      action: "application-autoscaling:RegisterScalableTarget",
      resources: [world.arn("application-autoscaling", "scalable-target/*")],
      context: {
        "application-autoscaling:service-namespace": input.ServiceNamespace ?? "",
        "application-autoscaling:scalable-dimension": input.ScalableDimension ?? "",
      },
    },
    ...validated(world, input),
  ],
  run: (input, call) => {
    const targets = scalableTargets(call.world);
    const { ServiceNamespace, ResourceId, ScalableDimension, SuspendedState } = input;
    const key = keyOf(ServiceNamespace, ResourceId, ScalableDimension);
    const known = targets.get(key);
    const [min, max] = [input.MinCapacity ?? known?.min, input.MaxCapacity ?? known?.max];
    if (min === undefined || max === undefined)
      throw new ServiceException(
        "ValidationException",
        "MinCapacity and MaxCapacity must be specified when registering a new scalable target.",
      );
    if (min > max)
      throw new ServiceException(
        "ValidationException",
        "Maximum capacity cannot be less than minimum capacity",
      );
    const target = {
      arn: known?.arn ?? newArn(call),
      namespace: ServiceNamespace!,
      resourceId: ResourceId!,
      dimension: ScalableDimension!,
      min,
      max,
      suspended: {
        DynamicScalingInSuspended: false,
        DynamicScalingOutSuspended: false,
        ScheduledScalingSuspended: false,
        ...known?.suspended,
        ...SuspendedState,
      },
      createdAt: known?.createdAt ?? call.world.clock.now(),
    };
    targets.set(key, target);
    return { ScalableTargetARN: target.arn };
  },
});
