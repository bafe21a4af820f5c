import type { World } from "../../world.ts";
import { putMetric } from "../monitoring/metrics.ts";

/** Counts one for a topic's metric in `AWS/SNS`. */
export function metric(world: World, topicArn: string, name: string): void {
  putMetric(world, "AWS/SNS", name, 1, { TopicName: topicArn.split(":")[5]! }, "Count");
}
