import type {
  DescribeScalableTargetsCommandInput,
  DescribeScalableTargetsResponse,
} from "@aws-sdk/client-application-auto-scaling";
import { operation } from "../../service.ts";
import { scalableTargets } from "./state.ts";

/** Scalable targets of a namespace, those asked for or all. */
export const DescribeScalableTargets = operation<
  DescribeScalableTargetsCommandInput,
  DescribeScalableTargetsResponse
>({
  authorize: () => [{ action: "application-autoscaling:DescribeScalableTargets", resources: ["*"] }],
  run: (input, { world }) => ({
    ScalableTargets: [...scalableTargets(world).values()]
      .filter(
        ({ namespace, resourceId, dimension }) =>
          namespace === input.ServiceNamespace &&
          (!input.ResourceIds?.length || input.ResourceIds.includes(resourceId)) &&
          (!input.ScalableDimension || input.ScalableDimension === dimension),
      )
      .map((target) => ({
        ServiceNamespace: target.namespace,
        ResourceId: target.resourceId,
        ScalableDimension: target.dimension,
        MinCapacity: target.min,
        MaxCapacity: target.max,
        RoleARN: world.arn(
          "iam",
          "role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService",
          { region: "" },
        ),
        CreationTime: new Date(target.createdAt),
        SuspendedState: target.suspended,
        ScalableTargetARN: target.arn,
      })),
  }),
});
