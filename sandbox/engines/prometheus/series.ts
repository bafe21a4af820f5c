/** A series' labels, its metric's name among them as `__name__`. */
export type Labels = Record<string, string>;

/** One sample: epoch milliseconds, and the value. */
export type Sample = readonly [at: number, value: number];

export interface Series {
  labels: Labels;
  /** Oldest first. */
  samples: Sample[];
}

/** What a selector asks of one label. */
export interface Matcher {
  label: string;
  operator: "=" | "!=" | "=~" | "!~";
  value: string;
}

export const NAME = "__name__";

/** The same text for the same labels, in whatever order they were given. */
export const keyOf = (labels: Labels): string =>
  JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** Labels without those named. */
export const without = (labels: Labels, ...names: string[]): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));

/** Only the labels named, and those of them that are there. */
export const only = (labels: Labels, names: string[]): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name)));

/** All series of one workspace. */
export class SeriesStore {
  readonly #series = new Map<string, Series>();

  /** Adds samples to the series with these labels. A sample at a moment that has one takes its place. */
  write(labels: Labels, samples: Sample[]): void {
    const key = keyOf(labels);
    const series = this.#series.get(key) ?? { labels, samples: [] };
    this.#series.set(key, series);
    const byTime = new Map([...series.samples, ...samples].map((sample) => [sample[0], sample]));
    series.samples = [...byTime.values()].toSorted(([a], [b]) => a - b);
  }

  /** The series that fit every matcher; a label that is not there is the empty text. */
  select(matchers: Matcher[]): Series[] {
    const tests = matchers.map(({ label, operator, value }) => {
      // Prometheus' expressions are anchored at both ends.
      const pattern = operator.endsWith("~") ? new RegExp(`^(?:${value})$`, "s") : undefined;
      const not = operator.startsWith("!");
      return ({ labels }: Series) => {
        const found = labels[label] ?? "";
        return (pattern ? pattern.test(found) : found === value) !== not;
      };
    });
    return [...this.#series.values()].filter((series) => tests.every((fits) => fits(series)));
  }
}
