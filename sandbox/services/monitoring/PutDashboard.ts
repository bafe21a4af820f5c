import type { PutDashboardCommandInput, PutDashboardCommandOutput } from "@aws-sdk/client-cloudwatch";
import { operation, ServiceException } from "../../service.ts";
import { checkName, dashboardArn } from "./dashboards.ts";
import { alarmsState } from "./state.ts";

/** Makes or changes a dashboard; its body must be a JSON object. */
export const PutDashboard = operation<PutDashboardCommandInput, Omit<PutDashboardCommandOutput, "$metadata">>(
  {
    authorize: (input, { world }) => [
      { action: "cloudwatch:PutDashboard", resources: [dashboardArn(world, input.DashboardName ?? "*")] },
    ],
    run: (input, { world }) => {
      checkName(input.DashboardName);
      let body: unknown;
      try {
        body = JSON.parse(input.DashboardBody ?? "");
      } catch {
        body = undefined; // refused below, in AWS's words
      }
      if (typeof body !== "object" || body === null || Array.isArray(body)) {
        const Message = "The field DashboardBody must be a valid JSON object";
        throw new ServiceException(
          "DashboardInvalidInputError",
          "The dashboard body is invalid, there are 1 validation error(s)",
          {
            members: { dashboardValidationMessages: [{ DataPath: "/", Message }] },
          },
        );
      }
      const { dashboards } = alarmsState(world);
      dashboards.set(input.DashboardName!, { body: input.DashboardBody!, changedAt: world.clock.now() });
      return { DashboardValidationMessages: [] };
    },
  },
);
