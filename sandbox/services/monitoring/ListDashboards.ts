import type { ListDashboardsCommandInput, ListDashboardsCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation } from "../../service.ts";
import { alarmsState } from "./state.ts";

/** Dashboards by prefix. */
export const ListDashboards = operation<ListDashboardsCommandInput, Omit<ListDashboardsCommandOutput, "$metadata">>({
  authorize: () => [{ action: "cloudwatch:ListDashboards", resources: ["*"] }],
  run: (input, { world }) => ({
    DashboardEntries: [...alarmsState(world).dashboards]
      .filter(([name]) => name.startsWith(input.DashboardNamePrefix ?? ""))
      .map(([DashboardName, { body, changedAt }]) => ({ DashboardName, LastModified: new Date(changedAt), Size: body.length })),
  }),
});
