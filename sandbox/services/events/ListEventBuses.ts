import type { ListEventBusesCommandInput, ListEventBusesCommandOutput } from "@aws-sdk/client-eventbridge";
import { operation } from "../../service.ts";
import { eventsState } from "./state.ts";

/** All buses. */
export const ListEventBuses = operation<
  ListEventBusesCommandInput,
  Omit<ListEventBusesCommandOutput, "$metadata">
>({
  authorize: () => [{ action: "events:ListEventBuses", resources: ["*"] }],
  run: (_, { world }) => ({
    EventBuses: [...eventsState(world).buses.values()].map(({ name, arn, policy }) => ({
      Name: name,
      Arn: arn,
      Policy: policy,
    })),
  }),
});
