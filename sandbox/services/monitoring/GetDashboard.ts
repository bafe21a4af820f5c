import type { GetDashboardCommandInput, GetDashboardCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation } from "../../service.ts";
import { dashboardArn, noDashboard } from "./dashboards.ts";
import { alarmsState } from "./state.ts";

/** One dashboard. */
export const GetDashboard = operation<GetDashboardCommandInput, Omit<GetDashboardCommandOutput, "$metadata">>(
  {
    authorize: (input, { world }) => [
      { action: "cloudwatch:GetDashboard", resources: [dashboardArn(world, input.DashboardName ?? "*")] },
    ],
    run: (input, { world }) => {
      const name = input.DashboardName!;
      const found = alarmsState(world).dashboards.get(name);
      if (!found) throw noDashboard(name);
      return { DashboardName: name, DashboardBody: found.body, DashboardArn: dashboardArn(world, name) };
    },
  },
);
