import type {
  DeregisterTargetsCommandInput,
  DeregisterTargetsOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { operation } from "../../service.ts";
import { targetGroupAt } from "./state.ts";

/** Takes targets out of a group: no request goes there any more, those under way end by themselves. */
export const DeregisterTargets = operation<DeregisterTargetsCommandInput, DeregisterTargetsOutput>({
  authorize: (input) => [
    { action: "elasticloadbalancing:DeregisterTargets", resources: [input.TargetGroupArn ?? "*"] },
  ],
  run: (input, { world }) => {
    const group = targetGroupAt(world, input.TargetGroupArn);
    for (const { Id = "", Port = group.port } of input.Targets ?? []) group.targets.delete(`${Id}:${Port}`);
    return {};
  },
});
