import type { ListDashboardsCommandInput, ListDashboardsCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation } from "../../service.ts";
import { dashboardArn } from "./dashboards.ts";
import { page } from "./paging.ts";
import { alarmsState } from "./state.ts";

/** Dashboards by prefix. */
export const ListDashboards = operation<
  ListDashboardsCommandInput,
  Omit<ListDashboardsCommandOutput, "$metadata">
>({
  authorize: () => [{ action: "cloudwatch:ListDashboards", resources: ["*"] }],
  run: (input, { world }) => {
    const found = [...alarmsState(world).dashboards]
      .filter(([name]) => name.startsWith(input.DashboardNamePrefix ?? ""))
      .toSorted(([left], [right]) => (left < right ? -1 : 1));
    const { items, NextToken } = page(found, 1_000, input.NextToken);
    return {
      DashboardEntries: items.map(([DashboardName, { body, changedAt }]) => ({
        DashboardName,
        DashboardArn: dashboardArn(world, DashboardName),
        LastModified: new Date(changedAt),
        Size: Buffer.byteLength(body),
      })),
      ...(NextToken ? { NextToken } : {}),
    };
  },
});
