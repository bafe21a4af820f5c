import { causeText } from "../messages/cause.ts";
import type { Change, Failure } from "../runtime/protocol.ts";

/** A text from outside on one line, in which nothing is a tag. */
export const plain = (text: string) =>
  text.replace(/\s+/g, " ").replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** The same as code: nothing in it is Markdown, and it ends where it should. */
export const code = (text: string) => `\`${text.replace(/[`\s]+/g, " ")}\``;

/** What failed, where and why; nothing when all went well. */
export const failurePart = (failure: Failure | null): string[] =>
  failure
    ? [
        "## Failure",
        "",
        `${code(failure.state)}: **${plain(failure.error)}**`,
        "",
        `> ${plain(causeText(failure.cause))}`,
        "",
      ]
    : [];

/** Each step's change with its evidence; `what` heads the changes. */
export const changesTable = (
  what: string,
  changes: Record<string, Pick<Change, "summary" | "evidence">>,
): string[] =>
  markdownTable(
    ["Step", what, "Evidence"],
    Object.entries(changes).map(([step, { summary, evidence = [] }]) => [step, summary, evidence.join("; ")]),
  );

/** A table as GitHub reads it. */
export const markdownTable = (head: string[], body: string[][]): string[] => [
  `| ${head.join(" | ")} |`,
  `|${head.map(() => "---").join("|")}|`,
  ...body.map(
    (row) =>
      `| ${row.map((cell) => plain(cell).replaceAll("\\", "\\\\").replaceAll("|", "\\|")).join(" | ")} |`,
  ),
];
