import type {
  HealthCheckConfig,
  UpdateHealthCheckCommandInput,
  UpdateHealthCheckCommandOutput,
} from "@aws-sdk/client-route-53";
import { operation, ServiceException } from "../../service.ts";
import { noSuchHealthCheck } from "./health.ts";
import { startProbe } from "./probe.ts";
import { route53State } from "./state.ts";
import { throttle } from "./throttle.ts";

/** Changes a health check; the checks begin anew. */
export const UpdateHealthCheck = operation<
  UpdateHealthCheckCommandInput,
  Omit<UpdateHealthCheckCommandOutput, "$metadata">
>({
  authorize: (input) => [
    {
      action: "route53:UpdateHealthCheck",
      resources: [`arn:aws:route53:::healthcheck/${input.HealthCheckId}`],
    },
  ],
  run: (input, { world }) => {
    throttle(world);
    const found = route53State(world).healthChecks.get(input.HealthCheckId!);
    if (!found) throw noSuchHealthCheck(input.HealthCheckId!);
    if (input.HealthCheckVersion !== undefined && input.HealthCheckVersion !== found.HealthCheckVersion)
      throw new ServiceException(
        "HealthCheckVersionMismatch",
        "The value of HealthCheckVersion in the request doesn't match the value of HealthCheckVersion in the health check.",
        { status: 409 },
      );
    const { HealthCheckId, HealthCheckVersion, ResetElements, ...settings } = input;
    const config: Record<string, unknown> = { ...found.HealthCheckConfig };
    for (const [name, value] of Object.entries(settings)) if (value !== undefined) config[name] = value;
    for (const name of ResetElements ?? []) delete config[name];
    found.HealthCheckConfig = config as unknown as HealthCheckConfig;
    found.HealthCheckVersion = (found.HealthCheckVersion ?? 1) + 1;
    startProbe(world, HealthCheckId!, found.HealthCheckConfig);
    return { HealthCheck: found };
  },
});
