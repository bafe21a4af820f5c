import { GetExecutionHistoryCommand, type HistoryEvent, SFNClient } from "@aws-sdk/client-sfn";
import type { Sandbox } from "../../sandbox/sandbox.ts";

/** All events of an execution, oldest first, as GetExecutionHistory returns them. */
export async function executionHistory(sandbox: Sandbox, executionArn: string): Promise<HistoryEvent[]> {
  const states = new SFNClient(sandbox.clientConfig());
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await states.send(
      new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, nextToken }),
    );
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return events;
}

/** When a state was first entered and last left, epoch milliseconds; undefined when it never was. */
export function stateTimes(events: HistoryEvent[], name: string): { entered?: number; exited?: number } {
  let entered: number | undefined;
  let exited: number | undefined;
  for (const event of events) {
    if (event.stateEnteredEventDetails?.name === name) entered ??= event.timestamp?.getTime();
    if (event.stateExitedEventDetails?.name === name) exited = event.timestamp?.getTime();
  }
  return { entered, exited };
}

/** The newest value of a workflow variable, as the history recorded its assignment; undefined when it never was. */
export function variable(events: HistoryEvent[], name: string): unknown {
  for (const event of events.toReversed()) {
    const text = event.stateExitedEventDetails?.assignedVariables?.[name];
    if (text !== undefined) return JSON.parse(text);
  }
  return undefined;
}

/** Rounds of the stability watch that passed, over all the times it was begun. */
export const roundsPassed = (events: HistoryEvent[]): number =>
  events.filter(
    ({ stateExitedEventDetails: state }) => state?.name === "Watch" && /passed/.test(state.output ?? ""),
  ).length;
