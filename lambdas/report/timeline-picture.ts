import type { ReportEvent } from "../runtime/protocol.ts";
import { spanText } from "./spans.ts";

const escaped = (text: string) => text.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);
const WIDTH = 900;
const ROW = 26;
const LEFT = 210;

/** The timeline as an SVG: one bar for each part, from when it began to when the next one did. Pure. */
export function timelinePicture({ timeline, run }: Pick<ReportEvent, "timeline" | "run">): string {
  const parts = timeline.map(({ at, state }) => ({ at: Date.parse(at), state }));
  if (parts.length < 2) return "<p>The run ended before a second part began.</p>";
  const from = Math.min(parts[0]!.at, Date.parse(run.startedAt));
  const to = parts.at(-1)!.at;
  const scale = (at: number) => LEFT + ((at - from) / Math.max(1, to - from)) * (WIDTH - LEFT - 80);
  const rows = parts.slice(0, -1).map((part, index) => {
    const end = parts[index + 1]!.at;
    const y = index * ROW;
    const width = Math.max(2, scale(end) - scale(part.at));
    const label = part.state.length > 30 ? `${part.state.slice(0, 29)}…` : part.state;
    return (
      `<text x="0" y="${y + 17}">${escaped(label)}</text>` +
      `<rect x="${scale(part.at).toFixed(1)}" y="${y + 5}" width="${width.toFixed(1)}" height="${ROW - 10}" rx="3" fill="var(--accent)"/>` +
      `<text x="${(scale(part.at) + width + 6).toFixed(1)}" y="${y + 17}">${spanText((end - part.at) / 1000)}</text>`
    );
  });
  return `<svg viewBox="0 0 ${WIDTH} ${rows.length * ROW + 6}" role="img" aria-label="How long each part of the run took">${rows.join("")}</svg>`;
}
