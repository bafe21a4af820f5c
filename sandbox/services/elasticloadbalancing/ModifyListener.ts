import type {
  ModifyListenerCommandInput,
  ModifyListenerOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { operation } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { checkedActions } from "./actions.ts";
import { listenerAnswer } from "./describe.ts";
import { authorizeSignIns } from "./sign-in.ts";
import { listenerAt } from "./state.ts";

/** Replaces a listener's default actions; what a call does not name stays. */
export const ModifyListener = operation<ModifyListenerCommandInput, ModifyListenerOutput>({
  authorize: (input) => [
    { action: "elasticloadbalancing:ModifyListener", resources: [input.ListenerArn ?? "*"] },
    ...authorizeSignIns(input.DefaultActions),
  ],
  run: (input, { world }) => {
    const { ListenerArn, DefaultActions, ...others } = input;
    const listener = listenerAt(world, ListenerArn);
    const other = Object.entries(others).find(([, value]) => value !== undefined);
    if (other) throw notImplemented("elasticloadbalancing", `ModifyListener with ${other[0]}`);
    const rule = listener.rules.at(-1)!;
    if (DefaultActions)
      rule.actions = checkedActions(world, DefaultActions, {
        protocol: listener.protocol,
        now: rule.actions,
      });
    return { Listeners: [listenerAnswer(listener)] };
  },
});
