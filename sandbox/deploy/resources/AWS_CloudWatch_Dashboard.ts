import { resourceType } from "../resource.ts";

/** A dashboard: its body is kept and answered; nothing draws it. */
export const cloudWatchDashboard = resourceType({
  uses: ["DashboardName", "DashboardBody"],
  replacedBy: ["DashboardName"],
  create: async (properties, context) => {
    const DashboardName = (properties["DashboardName"] as string | undefined) ?? context.physicalName(255);
    await context.call("monitoring", "PutDashboard", {
      DashboardName,
      DashboardBody: properties["DashboardBody"],
    });
    return { physicalId: DashboardName, attributes: {} };
  },
  update: async (properties, { call }, { made }) => {
    await call("monitoring", "PutDashboard", {
      DashboardName: made.physicalId,
      DashboardBody: properties["DashboardBody"],
    });
    return made;
  },
  delete: async ({ physicalId }, { call }) => {
    await call("monitoring", "DeleteDashboards", { DashboardNames: [physicalId] });
  },
});
