import type {
  GetExecutionHistoryCommandInput,
  GetExecutionHistoryCommandOutput,
  HistoryEvent,
} from "@aws-sdk/client-sfn";
import { operation } from "../../service.ts";
import { page } from "./page.ts";
import { executionNamed } from "./state.ts";

const DATA = new Set(["input", "output", "parameters", "assignedVariables", "cause", "error"]);

function withoutData(event: HistoryEvent): HistoryEvent {
  const entries = Object.entries(event).map(([key, value]) =>
    key.endsWith("EventDetails")
      ? [key, Object.fromEntries(Object.entries(value as object).filter(([name]) => !DATA.has(name)))]
      : [key, value],
  );
  return Object.fromEntries(entries) as HistoryEvent;
}

/** Events of an execution. */
export const GetExecutionHistory = operation<
  GetExecutionHistoryCommandInput,
  Omit<GetExecutionHistoryCommandOutput, "$metadata">
>({
  authorize: (input) => [{ action: "states:GetExecutionHistory", resources: [input.executionArn ?? "*"] }],
  run: (input, { world }) => {
    const { history } = executionNamed(world, input.executionArn);
    const ordered = input.reverseOrder ? history.toReversed() : history;
    const { items, nextToken } = page(ordered, input.maxResults || 100, input.nextToken);
    return { events: input.includeExecutionData === false ? items.map(withoutData) : items, nextToken };
  },
});
