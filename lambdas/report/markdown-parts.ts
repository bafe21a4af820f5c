/** A text from outside on one line, in which nothing is a tag. */
export const plain = (text: string) =>
  text.replace(/\s+/g, " ").replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** The same as code: nothing in it is Markdown, and it ends where it should. */
export const code = (text: string) => `\`${text.replace(/[`\s]+/g, " ")}\``;

/** A table as GitHub reads it. */
export const markdownTable = (head: string[], body: string[][]): string[] => [
  `| ${head.join(" | ")} |`,
  `|${head.map(() => "---").join("|")}|`,
  ...body.map(
    (row) =>
      `| ${row.map((cell) => plain(cell).replaceAll("\\", "\\\\").replaceAll("|", "\\|")).join(" | ")} |`,
  ),
];
