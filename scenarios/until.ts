/** Machine milliseconds a condition of a scenario may take; past that something is broken, not slow. */
const LONGEST_MILLISECONDS = 60_000;

/**
 * Waits until `condition` holds, looking every 50 ms. Throws with `what` after a minute of machine time
 * or with the condition's own last error.
 */
export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
  longest = LONGEST_MILLISECONDS,
): Promise<void> {
  const end = Date.now() + longest;
  let last: unknown;
  for (;;) {
    try {
      if (await condition()) return;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`Waited ${longest / 1000} s for ${what}, in vain`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
