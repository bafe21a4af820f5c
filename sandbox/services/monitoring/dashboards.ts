import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";

/** Dashboards belong to no region. */
export const dashboardArn = (world: World, name: string) =>
  world.arn("cloudwatch", `dashboard/${name}`, { region: "" });

/** Throws for a name that no dashboard can have. */
export function checkName(name: string | undefined): void {
  if (!name || name.length > 255)
    throw new ServiceException(
      "InvalidParameterValueException",
      "The value for field DashboardName must have a length between 1 and 255.",
    );
  if (!/^[\w-]+$/.test(name))
    throw new ServiceException(
      "InvalidParameterValueException",
      // The line break is AWS's own.
      "The value for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).\n",
    );
}

/** A dashboard that is not there, in AWS's words. */
export const noDashboard = (name: string) =>
  new ServiceException("DashboardNotFoundError", `Dashboard ${name} does not exist`);
