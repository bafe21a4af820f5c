import type { ListEventBusesCommandInput, ListEventBusesCommandOutput } from "@aws-sdk/client-eventbridge";
import { operation } from "../../service.ts";
import { busAnswer } from "./answers.ts";
import { page } from "./paging.ts";
import { eventsState } from "./state.ts";

/** All buses, by name. */
export const ListEventBuses = operation<
  ListEventBusesCommandInput,
  Omit<ListEventBusesCommandOutput, "$metadata">
>({
  authorize: () => [{ action: "events:ListEventBuses", resources: ["*"] }],
  run: (input, { world }) => {
    const found = [...eventsState(world).buses.values()]
      .filter(({ name }) => name.startsWith(input.NamePrefix ?? ""))
      .toSorted((left, right) => (left.name < right.name ? -1 : 1));
    const { items, next } = page(found, input);
    return { EventBuses: items.map(busAnswer), ...next };
  },
});
