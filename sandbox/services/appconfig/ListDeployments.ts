import type { Deployments, ListDeploymentsCommandInput } from "@aws-sdk/client-appconfig";
import { operation } from "../../service.ts";
import { deploymentSummary } from "./answer.ts";
import { appConfigArn, environmentOf } from "./state.ts";

const PAGE = 50;

/** Newest first. */
export const ListDeployments = operation<ListDeploymentsCommandInput, Deployments>({
  authorize: ({ ApplicationId, EnvironmentId }, { world }) => [
    {
      action: "appconfig:ListDeployments",
      resources: [
        appConfigArn(world, "application", ApplicationId),
        appConfigArn(world, "application", ApplicationId, "environment", EnvironmentId),
      ],
    },
  ],
  run: ({ ApplicationId = "", EnvironmentId, MaxResults = PAGE, NextToken }, { world }) => {
    const all = environmentOf(world, ApplicationId, EnvironmentId).deployments.toReversed();
    const from = Number(NextToken ?? 0);
    return {
      Items: all
        .slice(from, from + MaxResults)
        .map((deployment) => deploymentSummary(world, ApplicationId, deployment)),
      ...(from + MaxResults < all.length ? { NextToken: String(from + MaxResults) } : {}),
    };
  },
});
