import { chart } from "./chart.ts";
import { escaped, table } from "./parts.ts";
import { figure, metricTitle, phaseFigures, type Series } from "./series.ts";

/** The metrics as pictures, each with its figures in words. */
export function curves(all: Series[]): string {
  if (all.length === 0) return "<p>The plan's triggers look at no metric.</p>";
  return `<div class="curves">${all.map(curve).join("")}</div>`;
}

function curve(series: Series): string {
  const { metric, problem, phases } = series;
  const limits = metric.thresholds.map(
    ({ criterion, text, decision }) =>
      `${escaped(text)}: ${escaped(decision)} (<code>${escaped(criterion)}</code>)`,
  );
  const legend = phases.marks
    .map(
      ({ letter, label, at }) =>
        `<b>${letter}</b> ${escaped(label)} ${new Date(at).toISOString().slice(11, 19)}`,
    )
    .join(", ");
  return (
    `<figure>${chart(series)}<figcaption><strong>${escaped(metricTitle(metric))}</strong> of ${escaped(metric.namespace)}. ` +
    `${problem ? escaped(problem) : series.points.length === 0 ? "CloudWatch has no data for this time." : `${legend}.`}<br>Thresholds: ${limits.join("; ")}.</figcaption>` +
    `${problem ? "" : phaseTable(series)}</figure>`
  );
}

function phaseTable(series: Series): string {
  return table(
    `${metricTitle(series.metric)} before, during and after`,
    ["When", "Lowest", "Highest", "Last"],
    phaseFigures(series).map(({ phase, lowest, highest, last }) => [
      phase,
      figure(lowest),
      figure(highest),
      figure(last),
    ]),
  );
}
