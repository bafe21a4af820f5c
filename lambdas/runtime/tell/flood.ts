/** Minutes within which the same subject again is a repetition. */
const REPEATED_MINUTES = 10;
/** Lines kept of what was folded; the number of all of them is kept too. */
const MOST_LINES = 20;
const MINUTE = 60_000;

/** What an audience was mailed lately. */
export interface Flood {
  /** Grows with each change: two notices at once must not both be the first. */
  version: number;
  /** Epoch milliseconds at which the present minute began. */
  minute: number;
  count: number;
  /** Key of a notice → when it was last sent, epoch milliseconds. */
  sent: Record<string, number>;
  folded: string[];
  foldedCount: number;
}

export const NO_FLOOD: Flood = { version: 0, minute: 0, count: 0, sent: {}, folded: [], foldedCount: 0 };

/** A notice that wants to be mailed. */
export interface Wanting {
  /** Shown when it is folded. */
  subject: string;
  /** The same for notices that say the same. */
  key: string;
  /** True: an outcome or a call for help, which may go over the limit, up to twice. */
  urgent: boolean;
  /** ISO 8601. */
  at: string;
}

/**
 * Whether a notice goes out, and with what that was folded before it. Pure. Repetitions and what is beyond the limit
 * of a minute are kept and shown in the next mail: SNS suspends a subscription that gets more than ten mails a second.
 */
export function fold(
  before: Flood,
  { subject, key, urgent, at }: Wanting,
  now: number,
  mostPerMinute: number,
): { send: boolean; folded: string[]; foldedCount: number; after: Flood } {
  const fresh = now - before.minute >= MINUTE || now < before.minute;
  const count = fresh ? 0 : before.count;
  const sent = Object.fromEntries(
    Object.entries(before.sent).filter(([, when]) => now - when < REPEATED_MINUTES * MINUTE),
  );
  const repeated = !urgent && sent[key] !== undefined;
  const send = !repeated && count < mostPerMinute * (urgent ? 2 : 1);
  const after: Flood = {
    version: before.version + 1,
    minute: fresh ? now : before.minute,
    count: send ? count + 1 : count,
    sent: send ? { ...sent, [key]: now } : sent,
    folded: send ? [] : [...before.folded, `${at}  ${subject}`].slice(-MOST_LINES),
    foldedCount: send ? 0 : before.foldedCount + 1,
  };
  return send
    ? { send, folded: before.folded, foldedCount: before.foldedCount, after }
    : { send, folded: [], foldedCount: 0, after };
}

/** What a mail says of those that were not sent before it; empty when there were none. */
export function foldedText(folded: string[], count: number): string {
  if (count === 0) return "";
  const more = count - folded.length;
  return [
    "",
    "",
    `Not mailed one by one since the last mail (${count}):`,
    ...folded.map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} before these`] : []),
  ].join("\n");
}
