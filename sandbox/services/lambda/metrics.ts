import type { World } from "../../world.ts";
import { putMetric } from "../monitoring/metrics.ts";

/** One function's own metrics (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html); Duration in milliseconds. */
type Use = Partial<
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

/** Reports what an invocation came to under AWS/Lambda, for the function and for all functions together. */
export function recordUse(world: World, functionName: string, use: Use): void {
  for (const [name, value] of Object.entries(use)) {
    const unit = name === "Duration" ? "Milliseconds" : "Count";
    putMetric(world, "AWS/Lambda", name, value, { FunctionName: functionName }, unit);
    putMetric(world, "AWS/Lambda", name, value, {}, unit);
  }
}
