import type { DeleteHealthCheckCommandInput, DeleteHealthCheckCommandOutput } from "@aws-sdk/client-route-53";
import { operation } from "../../service.ts";
import { noSuchHealthCheck } from "./health.ts";
import { stopProbe } from "./probe.ts";
import { route53State } from "./state.ts";
import { throttle } from "./throttle.ts";

/** Ends a health check; records that use it count as healthy. */
export const DeleteHealthCheck = operation<
  DeleteHealthCheckCommandInput,
  Omit<DeleteHealthCheckCommandOutput, "$metadata">
>({
  authorize: (input) => [
    {
      action: "route53:DeleteHealthCheck",
      resources: [`arn:aws:route53:::healthcheck/${input.HealthCheckId}`],
    },
  ],
  run: (input, { world }) => {
    throttle(world);
    const { healthChecks, tags } = route53State(world);
    if (!healthChecks.delete(input.HealthCheckId!)) throw noSuchHealthCheck(input.HealthCheckId!);
    stopProbe(world, input.HealthCheckId!);
    tags.delete(`healthcheck/${input.HealthCheckId}`);
    return {};
  },
});
