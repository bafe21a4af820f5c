import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { routingControls } from "../route53-recovery-cluster/state.ts";
import { probeOf } from "./probes.ts";
import { route53State } from "./state.ts";

/** Whether a record set may answer: it has no health check, or its check passes (inverted where asked). */
export function isHealthy(world: World, healthCheckId: string | undefined): boolean {
  if (!healthCheckId) return true;
  const check = route53State(world).healthChecks.get(healthCheckId);
  const config = check?.HealthCheckConfig;
  // A check that was deleted counts as healthy: Route 53 then answers as if there were none.
  if (!config) return true;
  if (config.Disabled) return true;
  const healthy =
    config.Type === "RECOVERY_CONTROL"
      ? routingControls(world).get(config.RoutingControlArn ?? "")?.state === "On"
      : config.Type === "CALCULATED"
        ? (config.ChildHealthChecks ?? []).filter((each) => isHealthy(world, each)).length >=
          (config.HealthThreshold ?? 0)
        : probeOf(world, healthCheckId).healthy;
  return config.Inverted ? !healthy : healthy;
}

/** NoSuchHealthCheck, as Route 53 words it. */
export function noSuchHealthCheck(id: string): ServiceException {
  return new ServiceException("NoSuchHealthCheck", `A health check with id ${id} does not exist.`, {
    status: 404,
  });
}
