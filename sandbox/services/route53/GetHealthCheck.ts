import type { GetHealthCheckCommandInput, GetHealthCheckCommandOutput } from "@aws-sdk/client-route-53";
import { operation } from "../../service.ts";
import { noSuchHealthCheck } from "./health.ts";
import { route53State } from "./state.ts";
import { throttle } from "./throttle.ts";

/** Answers a health check's settings. */
export const GetHealthCheck = operation<
  GetHealthCheckCommandInput,
  Omit<GetHealthCheckCommandOutput, "$metadata">
>({
  authorize: (input) => [
    { action: "route53:GetHealthCheck", resources: [`arn:aws:route53:::healthcheck/${input.HealthCheckId}`] },
  ],
  run: (input, { world }) => {
    throttle(world);
    const found = route53State(world).healthChecks.get(input.HealthCheckId!);
    if (!found) throw noSuchHealthCheck(input.HealthCheckId!);
    return { HealthCheck: found };
  },
});
