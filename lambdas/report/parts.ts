/** Text that is text in HTML, whatever is in it. */
export const escaped = (text: string) => text.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);

/** A word that is good or bad news, by what it says. */
export const verdict = (text: string) =>
  `<strong class="${text === "passed" || text === "met" || text === "yes" ? "good" : "bad"}">${escaped(text)}</strong>`;

/**
 * A table; on a narrow screen each row becomes a card, whose lines carry the column's name. The roles are written out,
 * since browsers forget that a table is one when it is laid out as blocks.
 */
export function table(caption: string, head: string[], body: string[][]): string {
  if (body.length === 0) return "<p>None.</p>";
  const columns = head.map((name) => `<th role="columnheader" scope="col">${name}</th>`).join("");
  const rows = body.map((cells) => {
    const tds = cells
      .map((cell, index) => `<td role="cell" data-label="${head[index]}">${cell}</td>`)
      .join("");
    return `<tr role="row">${tds}</tr>`;
  });
  return (
    `<table role="table" aria-label="${escaped(caption)}"><thead role="rowgroup"><tr role="row">${columns}</tr></thead>` +
    `<tbody role="rowgroup">${rows.join("")}</tbody></table>`
  );
}

/** Each moment in a page as people read it, the exact one kept for machines. */
export const withTimes = (html: string) =>
  html.replace(
    /(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z/g,
    (exact, date: string, time: string) => `<time datetime="${exact}">${date} ${time} UTC</time>`,
  );
