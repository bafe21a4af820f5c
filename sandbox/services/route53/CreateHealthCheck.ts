import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type {
  CreateHealthCheckCommandInput,
  CreateHealthCheckCommandOutput,
  HealthCheck,
  HealthCheckConfig,
} from "@aws-sdk/client-route-53";
import { operation, ServiceException } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { routingControls } from "../route53-recovery-cluster/state.ts";
import { onAll } from "./lookup.ts";
import { startProbe } from "./probe.ts";
import { route53State } from "./state.ts";
import { throttle } from "./throttle.ts";

/** Without the members that were not set. */
const given = (config: HealthCheckConfig) =>
  Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));

/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html */
function withDefaults(config: HealthCheckConfig): HealthCheckConfig {
  const calculated = config.Type === "CALCULATED" || config.Type === "RECOVERY_CONTROL";
  return {
    ...config,
    ...(calculated
      ? {}
      : {
          Port: config.Port ?? (config.Type?.startsWith("HTTPS") ? 443 : 80),
          RequestInterval: config.RequestInterval ?? 30,
          FailureThreshold: config.FailureThreshold ?? 3,
          MeasureLatency: config.MeasureLatency ?? false,
          EnableSNI: config.EnableSNI ?? config.Type?.startsWith("HTTPS") ?? false,
        }),
    Inverted: config.Inverted ?? false,
    Disabled: config.Disabled ?? false,
  };
}

/** Begins to check an endpoint. */
export const CreateHealthCheck = operation<
  CreateHealthCheckCommandInput,
  Omit<CreateHealthCheckCommandOutput, "$metadata">
>({
  authorize: onAll("CreateHealthCheck"),
  run: (input, { world }) => {
    throttle(world);
    const { healthChecks } = route53State(world);
    const config = input.HealthCheckConfig!;
    if (config.Type === "RECOVERY_CONTROL" && !routingControls(world).has(config.RoutingControlArn ?? ""))
      throw new ServiceException(
        "InvalidInput",
        `Invalid parameter : RoutingControlArn ${config.RoutingControlArn ?? ""} does not exist.`,
      );
    if (config.Type === "CLOUDWATCH_METRIC")
      throw notImplemented("route53", `CreateHealthCheck of type ${config.Type}`);
    const same = [...healthChecks.values()].find((each) => each.CallerReference === input.CallerReference);
    if (same && !isDeepStrictEqual(given(same.HealthCheckConfig!), given(withDefaults(config))))
      throw new ServiceException(
        "HealthCheckAlreadyExists",
        "A health check with the same caller reference and different settings already exists.",
        { status: 409 },
      );
    const made: HealthCheck = same ?? {
      Id: randomUUID(),
      CallerReference: input.CallerReference,
      HealthCheckConfig: withDefaults(config),
      HealthCheckVersion: 1,
    };
    if (!same) {
      healthChecks.set(made.Id!, made);
      startProbe(world, made.Id!, made.HealthCheckConfig!);
    }
    return { HealthCheck: made, Location: `https://route53.amazonaws.com/2013-04-01/healthcheck/${made.Id}` };
  },
});
