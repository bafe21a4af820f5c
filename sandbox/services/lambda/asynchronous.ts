import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { type AsyncEvent, deliverFailure, deliverSuccess } from "./destinations.ts";
import { type Execution, execute } from "./execute.ts";
import { lambdaState } from "./state.ts";

/** Lambda's defaults (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html). */
const DEFAULT_RETRIES = 2;
const DEFAULT_MAXIMUM_AGE_SECONDS = 21_600;
/** Pause before the first and the second retry after an error of the function, sandbox milliseconds. */
const RETRY_MILLISECONDS = [60_000, 120_000];
/** Throttles are tried again with growing pauses from one second to five minutes, sandbox milliseconds. */
const FIRST_THROTTLE_PAUSE = 1000;
const LONGEST_THROTTLE_PAUSE = 300_000;

/** Takes an event for later; it runs at once, is retried, and ends at a destination, as Lambda's queue does. */
export function enqueue(world: World, event: AsyncEvent): void {
  run(world, event).catch((error: Error) => {
    world.log(
      "lambda",
      `An asynchronous invocation of ${event.functionName} was lost: ${error.stack ?? error.message}`,
    );
  });
}

async function run(world: World, event: AsyncEvent): Promise<void> {
  const stopped = stopSignal(world);
  const acceptedAt = world.clock.now();
  let throttlePause = FIRST_THROTTLE_PAUSE;
  let invocations = 0;
  let last: Execution | undefined;
  for (;;) {
    const of = lambdaState(world).functions.get(event.functionName);
    if (!of || stopped.aborted) return;
    const config = of.eventInvokeConfigs.get(event.qualifier ?? "$LATEST");
    const maximumAge = (config?.maximumEventAgeSeconds ?? DEFAULT_MAXIMUM_AGE_SECONDS) * 1000;
    if (world.clock.now() - acceptedAt > maximumAge)
      return deliverFailure(world, { of, event, condition: "EventAgeExceeded", invocations, last });
    // A function whose concurrency is reserved at zero takes no event at all.
    if (of.reservedConcurrency === 0 && invocations === 0)
      return deliverFailure(world, { of, event, condition: "ZeroReservedConcurrency", invocations, last });
    let pause: number;
    try {
      last = await execute(world, of, event);
      invocations += 1;
      if (!last.error) return deliverSuccess(world, { of, event, invocations, last });
      const retries = config?.maximumRetryAttempts ?? DEFAULT_RETRIES;
      if (invocations > retries)
        return deliverFailure(world, { of, event, condition: "RetriesExhausted", invocations, last });
      pause = RETRY_MILLISECONDS[invocations - 1]!;
    } catch (error) {
      if (!(error instanceof ServiceException) || error.code !== "TooManyRequestsException") throw error;
      pause = throttlePause;
      throttlePause = Math.min(throttlePause * 2, LONGEST_THROTTLE_PAUSE);
    }
    await world.clock.sleep(pause, stopped).catch((error: unknown) => {
      if (!stopped.aborted) throw error;
    });
  }
}

const stops = new WeakMap<World, AbortController>();

/** Aborted when the world stops, so that no retry outlives it. */
function stopSignal(world: World): AbortSignal {
  let stop = stops.get(world);
  if (!stop) {
    const made = new AbortController();
    stop = made;
    stops.set(world, made);
    world.onStop(() => made.abort());
  }
  return stop.signal;
}
