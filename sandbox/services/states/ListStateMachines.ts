import type { ListStateMachinesCommandInput, ListStateMachinesCommandOutput } from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { statesState } from "./state.ts";

/** All machines, by name. */
export const ListStateMachines = operation<
  ListStateMachinesCommandInput,
  Omit<ListStateMachinesCommandOutput, "$metadata">
>({
  authorize: () => [{ action: "states:ListStateMachines", resources: ["*"] }],
  run: (_, { world }) => ({
    stateMachines: [...statesState(world).machines.values()]
      .toSorted((left, right) => (left.name < right.name ? -1 : 1))
      .map(({ arn, name, type, createdAt }) => ({
        stateMachineArn: arn,
        name,
        type,
        creationDate: new Date(createdAt),
      })),
  }),
});
