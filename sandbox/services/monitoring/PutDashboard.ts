import type { PutDashboardCommandInput, PutDashboardCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation, ServiceException } from "../../service.ts";
import { alarmsState } from "./state.ts";

/** Makes or changes a dashboard; its body must be JSON. */
export const PutDashboard = operation<PutDashboardCommandInput, Omit<PutDashboardCommandOutput, "$metadata">>({
  authorize: () => [{ action: "cloudwatch:PutDashboard", resources: ["*"] }],
  run: (input, { world }) => {
    try {
      JSON.parse(input.DashboardBody!);
    } catch {
      throw new ServiceException("DashboardInvalidInputError", "The field DashboardBody must be a valid JSON object");
    }
    alarmsState(world).dashboards.set(input.DashboardName!, { body: input.DashboardBody!, changedAt: world.clock.now() });
    return { DashboardValidationMessages: [] };
  },
});
