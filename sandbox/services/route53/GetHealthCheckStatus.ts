import type {
  GetHealthCheckStatusCommandInput,
  GetHealthCheckStatusCommandOutput,
  HealthCheckRegion,
} from "@aws-sdk/client-route-53";
import { operation } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { noSuchHealthCheck } from "./health.ts";
import { probeOf } from "./probes.ts";
import { route53State } from "./state.ts";
import { throttle } from "./throttle.ts";

/** Answers the last result of a health check, as one checker saw it. */
export const GetHealthCheckStatus = operation<
  GetHealthCheckStatusCommandInput,
  Omit<GetHealthCheckStatusCommandOutput, "$metadata">
>({
  authorize: (input) => [
    {
      action: "route53:GetHealthCheckStatus",
      resources: [`arn:aws:route53:::healthcheck/${input.HealthCheckId}`],
    },
  ],
  run: (input, { world }) => {
    throttle(world);
    const found = route53State(world).healthChecks.get(input.HealthCheckId!);
    if (!found) throw noSuchHealthCheck(input.HealthCheckId!);
    // No checker looks at it.
    if (found.HealthCheckConfig?.Type === "RECOVERY_CONTROL")
      throw notImplemented("route53", "GetHealthCheckStatus of a routing control's health check");
    const { status, checkedAt } = probeOf(world, input.HealthCheckId!);
    return {
      HealthCheckObservations: [
        {
          Region: world.region as HealthCheckRegion,
          IPAddress: "127.0.0.1",
          StatusReport: { Status: status, CheckedTime: new Date(checkedAt) },
        },
      ],
    };
  },
});
