import type { DeleteDashboardsCommandInput, DeleteDashboardsCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation } from "../../service.ts";
import { alarmsState } from "./state.ts";

/** Deletes dashboards. */
export const DeleteDashboards = operation<DeleteDashboardsCommandInput, Omit<DeleteDashboardsCommandOutput, "$metadata">>({
  authorize: () => [{ action: "cloudwatch:DeleteDashboards", resources: ["*"] }],
  run: (input, { world }) => {
    for (const name of input.DashboardNames ?? []) alarmsState(world).dashboards.delete(name);
    return {};
  },
});
