import { ServiceException } from "../../../service.ts";

/** What EventBridge answers to a pattern it does not accept. */
export const invalid = (reason: string) =>
  new ServiceException("InvalidEventPatternException", `Event pattern is not valid. Reason: ${reason}`);

/** Why a pattern is refused, and after how many characters of it that was noticed; some reasons come without a place. */
export class Mistake extends Error {
  readonly at: number | undefined;
  /** How often the place is named: a mistake in a list is reported through two hands. */
  readonly times: number;
  constructor(reason: string, at?: number, times = 1) {
    super(reason);
    this.at = at;
    this.times = times;
  }
}

/** Where something is in a pattern, as EventBridge's parser words it. */
export function place(text: string, characters: number): string {
  const before = text.slice(0, characters).split("\n");
  return `\n at [Source: (String)"${text}"; line: ${before.length}, column: ${before.at(-1)!.length + 1}]`;
}
