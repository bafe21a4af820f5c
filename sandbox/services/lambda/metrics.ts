import { stateOf, type World } from "../../world.ts";

/** One function's own metrics of one invocation, as Lambda reports them to CloudWatch (namespace AWS/Lambda). */
export type Use = Partial<
  Record<
    | "Invocations"
    | "Errors"
    | "Throttles"
    | "Duration"
    | "AsyncEventsDropped"
    | "DeadLetterErrors"
    | "DestinationDeliveryFailures",
    number
  >
>;

type Sink = (functionName: string, use: Use, at: number) => void;

const sinks = stateOf(() => [] as Sink[]);

/** Receives each function's use; CloudWatch takes its AWS/Lambda metrics from here. */
export function onUse(world: World, sink: Sink): void {
  sinks(world).push(sink);
}

export function recordUse(world: World, functionName: string, use: Use): void {
  for (const sink of sinks(world)) sink(functionName, use, world.clock.now());
}
