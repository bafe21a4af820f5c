import { rollbackStages } from "../plan/recovery.ts";
import type { Plan } from "../plan/schema.ts";

/** What a box of the picture stands for; gives it its colour. */
type Kind = "steer" | "read" | "change" | "prove" | "tell" | "good" | "bad";

/** One box: a headline, and a line for each thing that happens side by side in it. */
interface Box {
  id: string;
  kind: Kind;
  title: string;
  lines: string[];
}

/** A plan's workflow as people think of it: the way down the middle, the way back beside it. */
interface Picture {
  main: Box[];
  /** Newest first, as they are undone. */
  back: Box[];
  /** Index in `main` → index in `back`: where a failure there enters the way back. */
  falls: Map<number, number>;
}

function pictureOf(plan: Plan): Picture {
  const main: Box[] = [
    { id: "admit", kind: "steer", title: "Admit", lines: ["lock, freeze, attempts"] },
    {
      id: "decide",
      kind: "steer",
      title: "Decide",
      lines: plan.triggers.map(({ id, decision }) => `${id}: ${decision}`),
    },
    { id: "preflight", kind: "read", title: "Preflight", lines: ["every change resolved, nothing touched"] },
    { id: "start", kind: "tell", title: "Announce start", lines: [] },
  ];
  const back: Box[] = [];
  const falls = new Map<number, number>();
  const entries: number[] = [];
  const rollback = rollbackStages(plan);
  const draw = (stage: Plan["stages"][number], index: number) => {
    const levels = stage.levels ? ` (${stage.levels.join(", ")})` : "";
    entries.push(main.length);
    main.push({
      id: `stage${index}`,
      kind: "change",
      title: `${stage.name}${levels}`,
      lines: stage.steps.map(({ id, action }) => `${id}: ${action}`),
    });
    if (stage.checks.length > 0) {
      entries.push(main.length);
      main.push({
        id: `proof${index}`,
        kind: "prove",
        title: `Check: ${stage.name}`,
        lines: stage.checks.map(({ id }) => id),
      });
    }
  };
  for (const [index, stage] of plan.stages.slice(0, rollback).entries()) draw(stage, index);
  const verify = main.length;
  main.push(
    { id: "verify", kind: "prove", title: "Verify", lines: plan.verify.map(({ id }) => id) },
    {
      id: "watch",
      kind: "prove",
      title: `Watch ${plan.watch.for}, every ${plan.watch.every}`,
      lines: plan.watch.checks.map(({ id }) => id),
    },
  );
  for (const [index, stage] of plan.stages.entries()) if (index >= rollback) draw(stage, index);
  main.push(
    { id: "report", kind: "tell", title: "Report, announce", lines: [] },
    { id: "done", kind: "good", title: "Rolled back", lines: ["lock released"] },
  );
  if (plan.onFailure === "revert")
    for (const [index, stage] of [...plan.stages.slice(0, rollback).entries()].toReversed())
      back.push({
        id: `revert${index}`,
        kind: "change",
        title: `Revert: ${stage.name}`,
        lines: stage.steps.map(({ id }) => id).toReversed(),
      });
  const last = back.length;
  back.push(
    { id: "failed", kind: "tell", title: "Report, announce failure", lines: [] },
    { id: "kept", kind: "bad", title: "Failed", lines: ["lock kept for a person"] },
  );
  const stageOf = (box: Box) => Number(box.id.replace(/\D+/, ""));
  for (const at of entries)
    falls.set(
      at,
      plan.onFailure === "revert" && stageOf(main[at]!) < rollback ? rollback - 1 - stageOf(main[at]!) : last,
    );
  // Measured and bad after the last stage: everything is undone.
  for (const at of [verify, verify + 1]) falls.set(at, plan.onFailure === "revert" ? 0 : last);
  return { main, back, falls };
}

/** Fill and line of each kind of box; readable on white and on dark pages. */
const COLOURS: Record<Kind, [fill: string, line: string]> = {
  steer: ["#eef2f7", "#64748b"],
  read: ["#e0f2fe", "#0284c7"],
  change: ["#fef3c7", "#d97706"],
  prove: ["#ede9fe", "#7c3aed"],
  tell: ["#f1f5f9", "#94a3b8"],
  good: ["#dcfce7", "#16a34a"],
  bad: ["#fee2e2", "#dc2626"],
};

/** The workflow as a Mermaid flowchart, for Markdown. */
export function workflowMermaid(plan: Plan): string {
  const { main, back, falls } = pictureOf(plan);
  const label = ({ title, lines }: Box) =>
    `"${[`<b>${escaped(title)}</b>`, ...lines.map(escaped)].join("<br/>").replaceAll('"', "#quot;")}"`;
  const box = (each: Box) => `  ${each.id}[${label(each)}]:::${each.kind}`;
  const chain = (boxes: Box[]) => boxes.slice(1).map((each, index) => `  ${boxes[index]!.id} --> ${each.id}`);
  return [
    "flowchart TB",
    ...main.map(box),
    ...back.map(box),
    ...chain(main),
    ...chain(back),
    ...[...falls].map(([from, to]) => `  ${main[from]!.id} -. fails .-> ${back[to]!.id}`),
    ...Object.entries(COLOURS).map(
      ([kind, [fill, line]]) => `  classDef ${kind} fill:${fill},stroke:${line},color:#0f172a`,
    ),
    "",
  ].join("\n");
}

const WIDTH = 300;
const GAP = 28;
const LINE = 17;
const MARGIN = 16;
const ASIDE = 120;

/** The workflow as an SVG picture of its own, for the README and reports: success to the left, the way back to the right. */
export function workflowSvg(plan: Plan): string {
  const { main, back, falls } = pictureOf(plan);
  const height = ({ lines }: Box) => 30 + lines.length * LINE;
  const place = (boxes: Box[], x: number, top: number) => {
    let y = top;
    return boxes.map((box) => {
      const placed = { box, x, y, height: height(box) };
      y += placed.height + GAP;
      return placed;
    });
  };
  const left = place(main, MARGIN, MARGIN);
  const lowest = left.at(-1)!.y + left.at(-1)!.height;
  const backHeight = back.reduce((total, box) => total + height(box) + GAP, -GAP);
  const right = place(back, MARGIN + WIDTH + ASIDE, Math.max(MARGIN, lowest - backHeight));
  const bottom = Math.max(lowest, right.at(-1)!.y + right.at(-1)!.height) + MARGIN;
  const wide = 2 * MARGIN + 2 * WIDTH + ASIDE;
  const down = (column: typeof left) =>
    column.slice(1).map(({ x, y }, index) => {
      const above = column[index]!;
      return `<path class="go" d="M${x + WIDTH / 2} ${above.y + above.height}V${y - 6}"/>`;
    });
  const aside = [...falls].map(([from, to], index) => {
    const source = left[from]!;
    const target = right[to]!;
    const middle = source.x + WIDTH + 20 + ((index * 11) % (ASIDE - 40));
    return `<path class="fall" d="M${source.x + WIDTH} ${source.y + source.height / 2}H${middle}V${target.y + 14}H${target.x - 6}"/>`;
  });
  const boxes = [...left, ...right].map(({ box, x, y, height: tall }) => {
    const [fill, line] = COLOURS[box.kind];
    const lines = box.lines.map(
      (text, index) => `<text x="${x + 12}" y="${y + 38 + index * LINE}">${escaped(cut(text, 44))}</text>`,
    );
    return `<rect x="${x}" y="${y}" width="${WIDTH}" height="${tall}" rx="6" fill="${fill}" stroke="${line}"/><text class="title" x="${x + 12}" y="${y + 20}">${escaped(cut(box.title, 38))}</text>${lines.join("")}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${wide} ${bottom}" width="${wide}" height="${bottom}" role="img" aria-label="${escaped(`Workflow of the plan for ${plan.service}`)}">
<style>text{font:12px system-ui,sans-serif;fill:#0f172a}.title{font-weight:600;font-size:13px}.go{stroke:#64748b;fill:none;marker-end:url(#tip)}.fall{stroke:#dc2626;stroke-dasharray:4 3;fill:none;marker-end:url(#red)}</style>
<defs><marker id="tip" markerWidth="8" markerHeight="8" refX="2" refY="4" orient="auto"><path d="M0 0L8 4L0 8z" fill="#64748b"/></marker><marker id="red" markerWidth="8" markerHeight="8" refX="2" refY="4" orient="auto"><path d="M0 0L8 4L0 8z" fill="#dc2626"/></marker></defs>
<rect width="${wide}" height="${bottom}" fill="#ffffff"/>
${[...down(left), ...down(right), ...aside, ...boxes].join("\n")}
</svg>
`;
}

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").replace(/[&<>"]/g, (each) => ESCAPES[each]!);
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
