/** One of two ordered streams of lines, read a piece at a time. */
class Side {
  /** Bytes read and not yet used; whole lines and the beginning of one. */
  held: Buffer = Buffer.alloc(0);
  ended = false;
  readonly #pieces: AsyncIterator<Buffer>;

  constructor(pieces: AsyncIterable<Buffer>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** Reads on until there is a whole line, or nothing more. */
  async fill(): Promise<void> {
    while (!this.ended && this.held.indexOf(NEWLINE) < 0) {
      const { done, value } = await this.#pieces.next();
      if (done) this.ended = true;
      else this.held = this.held.byteLength === 0 ? value : Buffer.concat([this.held, value]);
    }
  }

  /** The next line without its end; undefined at the end. */
  line(): Buffer | undefined {
    const end = this.held.indexOf(NEWLINE);
    return end < 0 ? undefined : this.held.subarray(0, end);
  }

  skip(bytes: number): void {
    this.held = this.held.subarray(bytes);
  }

  /** Stops reading early, so that the query behind it ends too. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}

const NEWLINE = 10;
const TAB = 9;
/** Bytes compared at once. Where both sides hold the same rows, which is nearly everywhere, lines are not looked at. */
const BLOCK = 64 * 1024;

/** What the comparison of two tables found. */
export interface Merged {
  /** Rows of the left side. */
  left: number;
  right: number;
  /** Rows that both have, not alike. */
  changed: number;
  /** Rows that only the left one has: each was given to `missing`. */
  onlyLeft: number;
  onlyRight: number;
}

function linesIn(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}

/** Skips what is byte for byte the same on both sides, up to the last whole line of it. Gives the lines skipped. */
function skipSame(left: Side, right: Side): number {
  let lines = 0;
  for (;;) {
    const size = Math.min(left.held.byteLength, right.held.byteLength, BLOCK);
    if (size === 0) return lines;
    const same = left.held.subarray(0, size);
    if (!same.equals(right.held.subarray(0, size))) return lines;
    const whole = same.lastIndexOf(NEWLINE) + 1;
    if (whole === 0) return lines;
    lines += linesIn(same.subarray(0, whole));
    left.skip(whole);
    right.skip(whole);
  }
}

/**
 * Merges two streams of lines `key columns, tab, digest`, both in the order of `compare` by key. Memory: what one read
 * of each stream gives. `missing` gets the key part of every line that only the left has, and is waited for.
 */
export async function merge(
  leftPieces: AsyncIterable<Buffer>,
  rightPieces: AsyncIterable<Buffer>,
  compare: (left: Buffer, right: Buffer) => number,
  missing: (key: Buffer) => Promise<void> | undefined,
): Promise<Merged> {
  const [left, right] = [new Side(leftPieces), new Side(rightPieces)];
  const found: Merged = { left: 0, right: 0, changed: 0, onlyLeft: 0, onlyRight: 0 };
  /** Lines looked at one by one before whole blocks are tried again. */
  let oneByOne = 0;
  try {
    for (;;) {
      if (left.held.indexOf(NEWLINE) < 0) await left.fill();
      if (right.held.indexOf(NEWLINE) < 0) await right.fill();
      if (oneByOne === 0) {
        const same = skipSame(left, right);
        found.left += same;
        found.right += same;
        if (same > 0) continue;
        oneByOne = 256;
      }
      oneByOne -= 1;
      const [ours, theirs] = [left.line(), right.line()];
      if (!ours && !theirs) return found;
      const order = !ours ? 1 : !theirs ? -1 : byKey(ours, theirs, compare);
      if (order <= 0) {
        found.left += 1;
        left.skip(ours!.byteLength + 1);
      }
      if (order >= 0) {
        found.right += 1;
        right.skip(theirs!.byteLength + 1);
      }
      if (order < 0) {
        found.onlyLeft += 1;
        await missing(keyOf(ours!));
      } else if (order > 0) found.onlyRight += 1;
      else if (!ours!.equals(theirs!)) found.changed += 1;
    }
  } finally {
    await Promise.all([left.close(), right.close()]);
  }
}

/** A line's key columns: all but what follows its last tab. */
const keyOf = (line: Buffer): Buffer => line.subarray(0, line.lastIndexOf(TAB));

function byKey(left: Buffer, right: Buffer, compare: (left: Buffer, right: Buffer) => number): number {
  const [ours, theirs] = [keyOf(left), keyOf(right)];
  return ours.equals(theirs) ? 0 : compare(ours, theirs);
}
