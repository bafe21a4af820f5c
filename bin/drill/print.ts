/** Where a drill's lines go; colours only on a terminal that wants them. */
export interface Printer {
  /** A line with the drill's time in front: minutes and seconds of the sandbox since the release, or blank before it. */
  line(topic: string, text: string, tone?: Tone): void;
  /** A line as it is. */
  plain(text?: string): void;
  /** From now on times count from here, sandbox time, epoch milliseconds. */
  startClock(at: number): void;
}

export type Tone = "good" | "bad" | "quiet" | "loud";

const CODES: Record<Tone, string> = {
  good: "\u001b[32m",
  bad: "\u001b[31m",
  quiet: "\u001b[2m",
  loud: "\u001b[1m",
};
const RESET = "\u001b[0m";

/** `m:ss`, hours when there are any; a minus before the start. */
export function clockText(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  const sign = milliseconds < -500 ? "-" : "";
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const text =
    minutes < 60
      ? `${minutes}:${two(seconds % 60)}`
      : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
  return sign + text;
}

/** Prints to `stream`; `now` is the sandbox's clock. */
export function printer(stream: NodeJS.WriteStream, now: () => number, environment = process.env): Printer {
  const coloured =
    stream.isTTY === true && environment["NO_COLOR"] === undefined && environment["TERM"] !== "dumb";
  const paint = (text: string, tone?: Tone) => (coloured && tone ? `${CODES[tone]}${text}${RESET}` : text);
  let zero: number | undefined;
  return {
    startClock: (at) => {
      zero = at;
    },
    plain: (text = "") => {
      stream.write(`${text}\n`);
    },
    line: (topic, text, tone) => {
      const time = zero === undefined ? "" : clockText(now() - zero);
      stream.write(
        `${paint(time.padStart(8), "quiet")}  ${paint(topic.padEnd(10), "quiet")} ${paint(text, tone)}\n`,
      );
    },
  };
}
