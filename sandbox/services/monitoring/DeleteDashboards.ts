import type { DeleteDashboardsCommandInput, DeleteDashboardsCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation } from "../../service.ts";
import { dashboardArn, noDashboard } from "./dashboards.ts";
import { alarmsState } from "./state.ts";

/** Deletes dashboards, all of them or none. */
export const DeleteDashboards = operation<
  DeleteDashboardsCommandInput,
  Omit<DeleteDashboardsCommandOutput, "$metadata">
>({
  authorize: (input, { world }) => [
    {
      action: "cloudwatch:DeleteDashboards",
      resources: (input.DashboardNames ?? []).map((name) => dashboardArn(world, name)),
    },
  ],
  run: (input, { world }) => {
    const { dashboards } = alarmsState(world);
    const names = input.DashboardNames ?? [];
    const missing = names.find((name) => !dashboards.has(name));
    if (missing !== undefined) throw noDashboard(missing);
    for (const name of names) dashboards.delete(name);
    return {};
  },
});
