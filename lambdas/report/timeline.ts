import type { ReportEvent } from "../runtime/protocol.ts";
import { escaped } from "./parts.ts";
import { spanText } from "./spans.ts";

interface Part {
  label: string;
  at: number;
  /** What had gone wrong and nobody was at work on yet. */
  trouble?: true;
}

/** The release and the alarm, where the run knows them, then each part of the workflow; each lasts until the next. */
function partsOf({ timeline, run }: Pick<ReportEvent, "timeline" | "run">): Part[] {
  const { deployment, trigger } = run;
  return [
    ...(deployment
      ? [
          {
            label: `Release ${deployment.version}`,
            at: Date.parse(deployment.startedAt),
            trouble: true as const,
          },
        ]
      : []),
    ...(trigger.type === "alarm"
      ? [{ label: "In alarm", at: Date.parse(trigger.since), trouble: true as const }]
      : []),
    ...timeline.map(({ at, state }) => ({ label: state, at: Date.parse(at) })),
  ];
}

/** A release longer ago than this many times the run would press the run into the last pixels; it is left out. */
const LONGEST_BEFORE = 3;

/** The timeline: one bar for each part but the last, whose end this report cannot know. Pure. */
export function timelineBars(event: Pick<ReportEvent, "timeline" | "run">): string {
  const all = partsOf(event);
  const to = all.at(-1)?.at ?? 0;
  const begun = Date.parse(event.run.startedAt);
  const parts = all.filter(({ at }) => begun - at <= LONGEST_BEFORE * Math.max(1, to - begun));
  if (parts.length < 2) return "<p>The run ended before a second part began.</p>";
  const from = Math.min(...parts.map(({ at }) => at));
  const share = (milliseconds: number) => ((milliseconds / Math.max(1, to - from)) * 100).toFixed(2);
  const rows = parts.slice(0, -1).map(({ label, at, trouble }, index) => {
    const lasted = Math.max(0, parts[index + 1]!.at - at);
    return (
      `<li${trouble ? ' class="trouble"' : ""}><span>${escaped(label)}</span>` +
      `<span class="track" aria-hidden="true"><i style="margin-left:${share(at - from)}%;width:${share(lasted)}%"></i></span>` +
      `<span class="span">${spanText(lasted / 1000)}</span></li>`
    );
  });
  return `<ol class="timeline">${rows.join("")}</ol>`;
}
