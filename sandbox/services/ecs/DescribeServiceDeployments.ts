import type {
  DescribeServiceDeploymentsCommandInput,
  DescribeServiceDeploymentsResponse,
} from "@aws-sdk/client-ecs";
import { operation } from "../../service.ts";
import { serviceDeploymentAnswer } from "./describe.ts";
import { serviceDeploymentAt } from "./state.ts";

/** Rollouts by their ARNs; one that does not exist is a failure in the answer. */
export const DescribeServiceDeployments = operation<
  DescribeServiceDeploymentsCommandInput,
  DescribeServiceDeploymentsResponse
>({
  authorize: (input) => [
    { action: "ecs:DescribeServiceDeployments", resources: input.serviceDeploymentArns ?? [] },
  ],
  run: (input, { world }) => {
    const asked = (input.serviceDeploymentArns ?? []).map((arn) => ({
      arn,
      found: serviceDeploymentAt(world, arn),
    }));
    return {
      serviceDeployments: asked.flatMap(({ found }) =>
        found ? serviceDeploymentAnswer(world, found.service, found.record) : [],
      ),
      failures: asked.flatMap(({ arn, found }) => (found ? [] : { arn, reason: "MISSING" })),
    };
  },
});
