import { StateFailure } from "./failure.ts";

const LARGEST = 262_144;

/** Refuses data above the service's limit. */
export function withinLimit(text: string, what: string, state: string): void {
  if (text.length > LARGEST / 4 && Buffer.byteLength(text) > LARGEST)
    throw new StateFailure(
      "States.DataLimitExceeded",
      `The state/task '${state}' returned a result with a size exceeding the maximum number of bytes service limit.${what === "output" ? "" : ` (${what})`}`,
    );
}
