/** A moment that was restored and asked. Epoch milliseconds. */
export interface Asked {
  at: number;
  good: boolean;
}

/** What follows from everything asked so far. */
export type Next =
  /** Restore this moment and ask. */
  | { ask: number }
  /** The last second at which all was well; the next one is bad. `asked`: it was itself restored and asked. */
  | { found: number; asked: boolean };

const SECOND = 1000;

/**
 * The next moment to look at between `good`, taken to be well until it is asked, and `bad`, known not to be; whole
 * seconds. Pure: the same answers give the same next moment, so nothing has to be remembered but the answers.
 */
export function next(good: number, bad: number, answers: Asked[]): Next {
  let [low, high, asked] = [good, bad, false];
  for (const answer of answers) {
    if (answer.good && answer.at >= low) [low, asked] = [answer.at, true];
    if (!answer.good) high = Math.min(high, answer.at);
  }
  if (high - low <= SECOND) return { found: low, asked };
  return { ask: low + Math.floor((high - low) / 2 / SECOND) * SECOND };
}

/** Moments that are asked at the most. Pure. */
export const mostAsked = (good: number, bad: number): number =>
  Math.ceil(Math.log2(Math.max(1, (bad - good) / SECOND)));
