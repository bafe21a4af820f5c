import type {
  RegisterTargetsCommandInput,
  RegisterTargetsOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { operation } from "../../service.ts";
import { REGISTERED } from "./health.ts";
import { targetGroupAt } from "./state.ts";

/** Adds targets to a group; one that is there already stays as it is. */
export const RegisterTargets = operation<RegisterTargetsCommandInput, RegisterTargetsOutput>({
  authorize: (input) => [
    { action: "elasticloadbalancing:RegisterTargets", resources: [input.TargetGroupArn ?? "*"] },
  ],
  run: (input, { world }) => {
    const group = targetGroupAt(world, input.TargetGroupArn);
    for (const { Id = "", Port = group.port } of input.Targets ?? []) {
      const key = `${Id}:${Port}`;
      if (!group.targets.has(key))
        group.targets.set(key, { id: Id, port: Port, health: { ...REGISTERED }, streak: 0 });
    }
    return {};
  },
});
