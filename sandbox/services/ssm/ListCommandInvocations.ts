import type { ListCommandInvocationsCommandInput, ListCommandInvocationsResult } from "@aws-sdk/client-ssm";
import { operation } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { commandNamed, sentCommands } from "./commands.ts";
import { shownInvocation } from "./shown.ts";

const PAGE = 50;

/** Commands on hosts, newest first. It knows no resources. */
export const ListCommandInvocations = operation<
  ListCommandInvocationsCommandInput,
  ListCommandInvocationsResult
>({
  authorize: () => [{ action: "ssm:ListCommandInvocations", resources: ["*"] }],
  run: (input, { world }) => {
    if (input.Filters?.length) throw notImplemented("ssm", "ListCommandInvocations with Filters");
    const commands =
      input.CommandId === undefined
        ? [...sentCommands(world).values()].reverse()
        : [commandNamed(world, input.CommandId)];
    const all = commands.flatMap((command) =>
      [...command.invocations.values()]
        .filter(({ instanceId }) => input.InstanceId === undefined || instanceId === input.InstanceId)
        .map((invocation) => shownInvocation(command, invocation, input.Details ?? false)),
    );
    const from = Number(input.NextToken ?? 0);
    const to = from + (input.MaxResults ?? PAGE);
    return {
      CommandInvocations: all.slice(from, to),
      ...(to < all.length ? { NextToken: String(to) } : {}),
    };
  },
});
