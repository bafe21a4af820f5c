import type { GetDashboardCommandInput, GetDashboardCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation, ServiceException } from "../../service.ts";
import { alarmsState } from "./state.ts";

/** One dashboard. */
export const GetDashboard = operation<GetDashboardCommandInput, Omit<GetDashboardCommandOutput, "$metadata">>({
  authorize: () => [{ action: "cloudwatch:GetDashboard", resources: ["*"] }],
  run: (input, { world }) => {
    const found = alarmsState(world).dashboards.get(input.DashboardName!);
    if (!found) throw new ServiceException("ResourceNotFound", `Dashboard ${input.DashboardName} does not exist`);
    return { DashboardName: input.DashboardName, DashboardBody: found.body, DashboardArn: world.arn("cloudwatch", `dashboard/${input.DashboardName}`, { region: "" }) };
  },
});
