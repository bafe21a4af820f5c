import type { CancelCommandCommandInput } from "@aws-sdk/client-ssm";
import { operation } from "../../service.ts";
import { commandNamed, isEnded } from "./commands.ts";
import { end } from "./deliver.ts";

/** Tries to stop a command: what has not begun does not begin, and a script that runs is ended. It knows no resources. */
export const CancelCommand = operation<CancelCommandCommandInput, object>({
  authorize: () => [{ action: "ssm:CancelCommand", resources: ["*"] }],
  run: (input, { world }) => {
    const command = commandNamed(world, input.CommandId);
    for (const invocation of command.invocations.values()) {
      if (input.InstanceIds?.length && !input.InstanceIds.includes(invocation.instanceId)) continue;
      if (isEnded(invocation)) continue;
      if (invocation.startedAt === undefined) {
        end(world, invocation, { status: "Cancelled", details: "Cancelled" });
        continue;
      }
      Object.assign(invocation, { status: "Cancelling", details: "Cancelling" });
      invocation.cancel.abort();
    }
    return {};
  },
});
