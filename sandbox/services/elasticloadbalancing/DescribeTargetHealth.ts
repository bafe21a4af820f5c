import type {
  DescribeTargetHealthCommandInput,
  DescribeTargetHealthOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { operation } from "../../service.ts";
import { inUse, targetGroupAt } from "./state.ts";

const UNUSED = {
  State: "unused",
  Reason: "Target.NotInUse",
  Description: "Target group is not configured to receive traffic from the load balancer",
} as const;

/** The targets of a group and what their health checks found. */
export const DescribeTargetHealth = operation<DescribeTargetHealthCommandInput, DescribeTargetHealthOutput>({
  authorize: () => [{ action: "elasticloadbalancing:DescribeTargetHealth", resources: ["*"] }],
  run: (input, { world }) => {
    const group = targetGroupAt(world, input.TargetGroupArn);
    const used = inUse(world, group);
    return {
      TargetHealthDescriptions: [...group.targets.values()].map(({ id, port, health }) => ({
        Target: { Id: id, Port: port },
        HealthCheckPort: String(port),
        TargetHealth: used ? health : UNUSED,
      })),
    };
  },
});
