import type { StandardUnit } from "@aws-sdk/client-cloudwatch";
import type { World } from "../../world.ts";
import { addDatum } from "../monitoring/metrics.ts";

/** What a log event says of its metrics. */
interface Directive {
  Namespace?: string;
  Dimensions?: string[][];
  Metrics?: { Name?: string; Unit?: StandardUnit; StorageResolution?: number }[];
}

/** Values one metric of one event may have. */
const MOST_VALUES = 100;

/**
 * Takes the metrics out of log events that carry them. An event that is no JSON, or whose metrics are malformed, is an
 * ordinary one. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function takeEmbeddedMetrics(world: World, messages: string[]): void {
  for (const message of messages) {
    if (!message.includes('"CloudWatchMetrics"')) continue;
    const root = objectIn(message);
    const about = root?.["_aws"] as { Timestamp?: number; CloudWatchMetrics?: Directive[] } | undefined;
    if (!root || typeof about?.Timestamp !== "number" || !Array.isArray(about.CloudWatchMetrics)) continue;
    for (const directive of about.CloudWatchMetrics) addAll(world, root, about.Timestamp, directive);
  }
}

function addAll(world: World, root: Record<string, unknown>, timestamp: number, directive: Directive): void {
  const { Namespace, Dimensions = [[]], Metrics = [] } = directive;
  if (!Namespace) return;
  for (const { Name, Unit, StorageResolution } of Metrics) {
    if (!Name) continue;
    const values = [root[Name]].flat().filter((value) => typeof value === "number");
    if (values.length === 0 || values.length > MOST_VALUES) continue;
    for (const names of Dimensions)
      addDatum(world, Namespace, {
        MetricName: Name,
        Values: values,
        Unit,
        StorageResolution,
        Timestamp: new Date(timestamp),
        Dimensions: names.map((name) => ({ Name: name, Value: String(root[name]) })),
      });
  }
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // a line that only looks like it
  }
}
