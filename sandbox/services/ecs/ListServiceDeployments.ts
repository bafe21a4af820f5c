import type { ListServiceDeploymentsCommandInput, ListServiceDeploymentsResponse } from "@aws-sdk/client-ecs";
import { operation } from "../../service.ts";
import { briefAnswer } from "./describe.ts";
import { serviceArn, serviceAt } from "./state.ts";

const PAGE = 20;

/** A service's rollouts, the newest first. */
export const ListServiceDeployments = operation<
  ListServiceDeploymentsCommandInput,
  ListServiceDeploymentsResponse
>({
  authorize: (input, { world }) => [
    { action: "ecs:ListServiceDeployments", resources: [serviceArn(world, input.cluster, input.service)] },
  ],
  run: (input, { world }) => {
    const service = serviceAt(world, input.cluster, input.service);
    const after = input.createdAt?.after?.getTime() ?? 0;
    const before = input.createdAt?.before?.getTime() ?? Number.POSITIVE_INFINITY;
    const found = service.history.filter(
      ({ status, createdAt }) =>
        (!input.status?.length || input.status.includes(status)) && createdAt >= after && createdAt <= before,
    );
    const from = Number(input.nextToken ?? 0);
    const size = input.maxResults ?? PAGE;
    return {
      serviceDeployments: found.slice(from, from + size).map((record) => ({
        ...briefAnswer(world, service, record),
        targetServiceRevisionArn: record.target.arn,
      })),
      ...(found.length > from + size ? { nextToken: String(from + size) } : {}),
    };
  },
});
