import type { DescribeServicesCommandInput, DescribeServicesResponse } from "@aws-sdk/client-ecs";
import { operation } from "../../service.ts";
import { serviceAnswer } from "./describe.ts";
import { clusterNamed, ecsState, serviceArn } from "./state.ts";

/** Services with their deployments; one that does not exist is a failure in the answer. */
export const DescribeServices = operation<DescribeServicesCommandInput, DescribeServicesResponse>({
  authorize: (input, { world }) => [
    {
      action: "ecs:DescribeServices",
      resources: (input.services ?? []).map((service) => serviceArn(world, input.cluster, service)),
    },
  ],
  run: (input, { world }) => {
    const cluster = clusterNamed(world, input.cluster);
    const arns = (input.services ?? []).map((service) => serviceArn(world, cluster, service));
    const { services } = ecsState(world);
    return {
      services: arns.flatMap((arn) => {
        const found = services.get(arn);
        return found ? serviceAnswer(world, found) : [];
      }),
      failures: arns.filter((arn) => !services.has(arn)).map((arn) => ({ arn, reason: "MISSING" })),
    };
  },
});
