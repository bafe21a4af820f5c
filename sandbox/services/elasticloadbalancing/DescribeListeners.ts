import type {
  DescribeListenersCommandInput,
  DescribeListenersOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { operation } from "../../service.ts";
import { listenerAnswer } from "./describe.ts";
import { balancerAt, listenerAt } from "./state.ts";

/** Listeners by their ARNs, or those of a load balancer. */
export const DescribeListeners = operation<DescribeListenersCommandInput, DescribeListenersOutput>({
  authorize: () => [{ action: "elasticloadbalancing:DescribeListeners", resources: ["*"] }],
  run: (input, { world }) => ({
    Listeners: (input.LoadBalancerArn
      ? balancerAt(world, input.LoadBalancerArn).listeners
      : (input.ListenerArns ?? []).map((arn) => listenerAt(world, arn))
    ).map(listenerAnswer),
  }),
});
