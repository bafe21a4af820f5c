import type { ListExecutionsCommandInput, ListExecutionsCommandOutput } from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { page } from "./page.ts";
import { machineNamed, statesState } from "./state.ts";

/** Executions of a machine, newest first. */
export const ListExecutions = operation<
  ListExecutionsCommandInput,
  Omit<ListExecutionsCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "states:ListExecutions", resources: [input.stateMachineArn ?? "*"] }],
  run: (input, { world }) => {
    const machine = machineNamed(world, input.stateMachineArn);
    const all = [...statesState(world).executions.values()]
      .filter(
        (each) =>
          each.machine.arn === machine.arn && (!input.statusFilter || each.status === input.statusFilter),
      )
      .toSorted((left, right) => right.startedAt - left.startedAt);
    const { items, nextToken } = page(all, input.maxResults || 100, input.nextToken);
    return {
      executions: items.map(({ arn, name, status, startedAt, stoppedAt, redriveCount }) => ({
        executionArn: arn,
        stateMachineArn: machine.arn,
        name,
        status,
        startDate: new Date(startedAt),
        ...(stoppedAt === undefined ? {} : { stopDate: new Date(stoppedAt) }),
        redriveCount,
      })),
      nextToken,
    };
  },
});
