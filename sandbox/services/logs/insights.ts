import { ServiceException } from "../../service.ts";
import { notImplemented } from "../../world.ts";

/** One row of a result: field and value, as GetQueryResults gives them. */
export type Row = { field: string; value: string }[];

/** A query understood: which messages it takes, and the rows it makes of how many. */
export interface Query {
  takes(message: string): boolean;
  rows(taken: number): Row[];
}

/**
 * Reads a Logs Insights query: `filter @message [not] like /regex/ or "text"`, any number of times, and then
 * `stats count(*) as name`. The language has far more
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html); what else is asked is refused, never
 * taken as matching.
 */
export function readQuery(text: string): Query {
  const commands = piecesOf(text);
  const last = commands.at(-1) ?? "";
  const counted = /^stats\s+count\(\s*\*?\s*\)(?:\s+as\s+(\w+))?$/i.exec(last);
  if (!counted) throw notImplemented("logs", `the Logs Insights command "${last}"`);
  const filters = commands.slice(0, -1).map(readFilter);
  const field = counted[1] ?? "count(*)";
  return {
    takes: (message) => filters.every((holds) => holds(message)),
    // Insights groups what it took: of nothing there is no group, and so no row.
    rows: (taken) => (taken === 0 ? [] : [[{ field, value: String(taken) }]]),
  };
}

function readFilter(command: string): (message: string) => boolean {
  const found =
    /^filter\s+@message\s+(not\s+)?like\s+(?:\/((?:\\.|[^/\\])+)\/|"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)')$/is.exec(
      command,
    );
  if (!found) throw notImplemented("logs", `the Logs Insights command "${command}"`);
  const [, not, regex, double, single] = found;
  const wanted = not === undefined;
  if (regex === undefined) {
    const part = (double ?? single ?? "").replace(/\\(.)/g, "$1");
    return (message) => message.includes(part) === wanted;
  }
  try {
    const expression = new RegExp(regex);
    return (message) => expression.test(message) === wanted;
  } catch (error) {
    throw new ServiceException("MalformedQueryException", `${(error as Error).message}`);
  }
}

/** The commands between pipes; a pipe inside a regular expression or a text is none. */
function piecesOf(text: string): string[] {
  const pieces = [""];
  for (const [part] of text.matchAll(/\/(?:\\.|[^/\\])*\/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|./gs))
    if (part === "|") pieces.push("");
    else pieces[pieces.length - 1] += part;
  return pieces.map((piece) => piece.trim());
}
