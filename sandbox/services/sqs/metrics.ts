import { stateOf, type World } from "../../world.ts";
import { putMetric } from "../monitoring/metrics.ts";
import { expire, sqsState } from "./state.ts";

/** SQS reports once a minute, milliseconds. */
const EVERY = 60_000;
/** And of a queue that was used within these milliseconds: an idle one has no metrics. */
const ACTIVE = 6 * 3_600_000;

/** When each queue last held a message, by its name; sandbox time, epoch milliseconds. */
const lastHeld = stateOf(() => new Map<string, number>());

/**
 * Reports how many messages can be received, as alarms on dead-letter queues ask, until the world stops.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export function reportQueues(world: World): void {
  const { clock } = world;
  const held = lastHeld(world);
  const report = () => {
    const now = clock.now();
    for (const queue of sqsState(world).queues.values()) {
      expire(queue, now);
      if (queue.messages.length > 0) held.set(queue.name, now);
      if (now - (held.get(queue.name) ?? Number.NEGATIVE_INFINITY) > ACTIVE) continue;
      const visible = queue.messages.filter(({ visibleAt }) => visibleAt <= now).length;
      putMetric(
        world,
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        visible,
        { QueueName: queue.name },
        "Count",
      );
    }
    cancel = clock.after(EVERY, report);
  };
  let cancel = clock.after(EVERY, report);
  world.onStop(() => cancel());
}
