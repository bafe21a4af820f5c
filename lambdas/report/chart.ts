import { escaped } from "./parts.ts";
import { figure, metricTitle, type Series } from "./series.ts";

/** Drawn in these units and scaled to the page; on a phone about one of them is a pixel. */
const [WIDTH, HEIGHT] = [420, 190];
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 10, 18, 22];

/** One metric as a curve with its thresholds and the moments of the run; gaps are periods without data. Pure. */
export function chart(series: Series): string {
  const { metric, points, from, phases } = series;
  if (points.length === 0) return "";
  const limits = metric.thresholds.flatMap(({ value }) => value ?? []);
  const values = points.map(({ value }) => value);
  const low = Math.min(0, ...values, ...limits);
  const high = Math.max(...values, ...limits) * 1.08 || 1;
  const x = (at: number) => LEFT + ((at - from) / Math.max(1, phases.to - from)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => HEIGHT - BOTTOM - ((value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const number = (value: number) => value.toFixed(1);
  const line = (kind: string, x1: number, y1: number, x2: number, y2: number) =>
    `<line class="${kind}" x1="${number(x1)}" y1="${number(y1)}" x2="${number(x2)}" y2="${number(y2)}"/>`;
  const text = (kind: string, left: number, top: number, words: string) =>
    `<text class="${kind}" x="${number(left)}" y="${number(top)}">${escaped(words)}</text>`;

  const until = phases.recovered ?? phases.to;
  const parts = [
    `<rect class="during" x="${number(x(phases.from))}" y="${TOP}" width="${number(Math.max(0, x(until) - x(phases.from)))}" height="${HEIGHT - TOP - BOTTOM}"/>`,
    line("axis", LEFT, y(low), WIDTH - RIGHT, y(low)),
    ...ticks(low, high, limits).map((value) => text("tick", LEFT - 6, y(value) + 4, figure(value))),
    ...limits.map((value) => line("limit", LEFT, y(value), WIDTH - RIGHT, y(value))),
    ...phases.marks.flatMap(({ letter, at }) => [
      line("mark", x(at), TOP, x(at), HEIGHT - BOTTOM),
      text("letter", x(at), TOP - 5, letter),
    ]),
    `<path class="curve" d="${path(
      series,
      (at) => number(x(at)),
      (value) => number(y(value)),
    )}"/>`,
    text("clock", LEFT, HEIGHT - 6, clock(from)),
    text("clock end", WIDTH - RIGHT, HEIGHT - 6, `${clock(phases.to)} UTC`),
  ];
  return `<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(`${metricTitle(metric)}: the curve of the table below, with its thresholds`)}">${parts.join("")}</svg>`;
}

/** The ends of the scale and the thresholds, without those that would stand on each other. */
function ticks(low: number, high: number, limits: number[]): number[] {
  const chosen: number[] = [];
  for (const value of [...limits, low, high / 1.08])
    if (chosen.every((each) => Math.abs(each - value) > (high - low) * 0.09)) chosen.push(value);
  return chosen;
}

/** A curve that stops where a period has no data. A lone point is a short dash, so that it is seen. */
function path({ points, metric }: Series, x: (at: number) => string, y: (value: number) => string): string {
  const gap = metric.periodSeconds * 1500;
  return points
    .map(({ at, value }, index) => {
      const joined = index > 0 && at - points[index - 1]!.at <= gap;
      return joined ? `L${x(at)} ${y(value)}` : `M${x(at)} ${y(value)}h1.5`;
    })
    .join("");
}

const clock = (at: number) => new Date(at).toISOString().slice(11, 16);
