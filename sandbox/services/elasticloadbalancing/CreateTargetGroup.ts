import type {
  CreateTargetGroupCommandInput,
  CreateTargetGroupOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { operation } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { targetGroupAnswer } from "./describe.ts";
import { startHealthChecks } from "./health.ts";
import { elbArn, idOf, type TargetGroup, targetGroups } from "./state.ts";

/** Makes a target group of IP addresses, health-checked over HTTP. */
export const CreateTargetGroup = operation<CreateTargetGroupCommandInput, CreateTargetGroupOutput>({
  authorize: (input, { world }) => [
    {
      action: "elasticloadbalancing:CreateTargetGroup",
      resources: [elbArn(world, `targetgroup/${input.Name}/*`)],
    },
  ],
  run: (input, { world }) => {
    if (input.TargetType !== "ip" || input.Protocol !== "HTTP")
      throw notImplemented(
        "elasticloadbalancing",
        "target groups of other things than IP addresses over HTTP",
      );
    const made: TargetGroup = {
      arn: elbArn(world, `targetgroup/${input.Name}/${idOf(input.Name ?? "")}`),
      name: input.Name ?? "",
      port: input.Port ?? 80,
      path: input.HealthCheckPath ?? "/",
      matcher: input.Matcher?.HttpCode ?? "200",
      intervalSeconds: input.HealthCheckIntervalSeconds ?? 30,
      timeoutSeconds: input.HealthCheckTimeoutSeconds ?? 5,
      healthyThreshold: input.HealthyThresholdCount ?? 5,
      unhealthyThreshold: input.UnhealthyThresholdCount ?? 2,
      targets: new Map(),
      turn: 0,
    };
    targetGroups(world).set(made.arn, made);
    startHealthChecks(world, made);
    return { TargetGroups: [targetGroupAnswer(made)] };
  },
});
