import type {
  GetRoutingControlStateCommandInput,
  GetRoutingControlStateResponse,
} from "@aws-sdk/client-route53-recovery-cluster";
import { operation } from "../../service.ts";
import { routingControlOf } from "./state.ts";

/** Whether a routing control is on. */
export const GetRoutingControlState = operation<
  GetRoutingControlStateCommandInput,
  GetRoutingControlStateResponse
>({
  authorize: ({ RoutingControlArn }) => [
    { action: "route53-recovery-cluster:GetRoutingControlState", resources: [RoutingControlArn ?? "*"] },
  ],
  run: ({ RoutingControlArn }, { world }) => {
    const { arn, name, state } = routingControlOf(world, RoutingControlArn);
    return { RoutingControlArn: arn, RoutingControlName: name, RoutingControlState: state };
  },
});
