/** One of two ordered streams of lines, read a piece at a time. */
class Side {
  /** Bytes read; those before `at` are used. */
  held: Buffer = Buffer.alloc(0);
  at = 0;
  ended = false;
  readonly #pieces: AsyncIterator<Buffer>;

  constructor(pieces: AsyncIterable<Buffer>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  get left(): number {
    return this.held.byteLength - this.at;
  }

  /** Whether a whole line is there; one that was seen is not looked for again. */
  hasLine(): boolean {
    return this.held.indexOf(NEWLINE, this.at) >= 0;
  }

  /** Reads on until there is a whole line, or nothing more. */
  async fill(): Promise<void> {
    while (!this.ended && !this.hasLine()) {
      const { done, value } = await this.#pieces.next();
      if (done) this.ended = true;
      else {
        this.held = this.left === 0 ? value : Buffer.concat([this.held.subarray(this.at), value]);
        this.at = 0;
      }
    }
  }

  /** The next line without its end; undefined at the end. */
  line(): Buffer | undefined {
    const end = this.held.indexOf(NEWLINE, this.at);
    return end < 0 ? undefined : this.held.subarray(this.at, end);
  }

  /** Stops reading early, so that the query behind it ends too. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}

const NEWLINE = 10;
const TAB = 9;
/**
 * Bytes compared at once: few after a difference, twice as many each time that they are the same. Where both sides
 * hold the same rows, which is nearly everywhere, lines are not looked at.
 */
const [LEAST, MOST] = [512, 64 * 1024];
/** Lines looked at one by one, at the most, before bytes are tried again; twice as many each time in vain. */
const PATIENCE = 256;

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

function linesIn(bytes: Buffer, from: number, to: number): number {
  let lines = 0;
  for (let at = from; at < to; at += 1) if (bytes[at] === NEWLINE) lines += 1;
  return lines;
}

/** Skips what is byte for byte the same on both sides, up to the last whole line of it. Gives the lines skipped. */
function skipSame(left: Side, right: Side): number {
  let lines = 0;
  for (let size = LEAST; ; size = Math.min(size * 2, MOST)) {
    const bytes = Math.min(left.left, right.left, size);
    if (bytes === 0) return lines;
    if (left.held.compare(right.held, right.at, right.at + bytes, left.at, left.at + bytes) !== 0)
      return lines;
    const whole = left.held.lastIndexOf(NEWLINE, left.at + bytes - 1) + 1 - left.at;
    if (whole <= 0) return lines;
    lines += linesIn(left.held, left.at, left.at + whole);
    left.at += whole;
    right.at += whole;
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
  let [oneByOne, patience] = [0, 1];
  try {
    for (;;) {
      if (!left.ended && !left.hasLine()) await left.fill();
      if (!right.ended && !right.hasLine()) await right.fill();
      if (oneByOne === 0) {
        const same = skipSame(left, right);
        found.left += same;
        found.right += same;
        patience = same > 0 ? 1 : Math.min(patience * 2, PATIENCE);
        oneByOne = patience;
        if (same > 0) continue;
      }
      oneByOne -= 1;
      const [ours, theirs] = [left.line(), right.line()];
      if (!ours && !theirs) return found;
      const order = !ours ? 1 : !theirs ? -1 : byKey(ours, theirs, compare);
      if (order <= 0) {
        found.left += 1;
        left.at += ours!.byteLength + 1;
      }
      if (order >= 0) {
        found.right += 1;
        right.at += theirs!.byteLength + 1;
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
