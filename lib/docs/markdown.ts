/** First line of every page that is made from code. */
export const MADE = "<!-- Made by npm run generate from the code that works with it; do not edit. -->";

/** Text in a table's cell: one line, and no bar that would end it. */
const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");

export const code = (text: string) => `\`${text}\``;

/** A table; columns that are empty in every row are left out. Nothing at all when there are no rows. */
export function table(head: string[], rows: string[][]): string {
  if (rows.length === 0) return "";
  const kept = head.map((name, index) => name === "" || rows.some((row) => row[index] !== ""));
  const line = (cells: string[]) => `| ${cells.filter((_, index) => kept[index]).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map((row) => line(row.map(cell)))].join("\n");
}

/** Parts with one empty line between them; empty parts are left out. */
export const page = (...parts: string[]) => `${parts.filter((part) => part !== "").join("\n\n")}\n`;
