/** Variables that every template has. */
export const PREDEFINED = [
  "aws.events.rule-arn",
  "aws.events.rule-name",
  "aws.events.event.ingestion-time",
  "aws.events.event",
  "aws.events.event.json",
];

const PLACEHOLDER = /<([\w.-]+)>/g;

/** Names of the placeholders in a template. */
export const placeholders = (template: string) =>
  [...template.matchAll(PLACEHOLDER)].map(([, name]) => name!);

/**
 * Fills a template. A template of text keeps its quotes, and objects in it lose theirs; in a JSON template a
 * placeholder inside quotes is text and one outside is JSON. What is not there is empty. Undefined when the result
 * is no JSON: EventBridge then delivers nothing.
 */
export function fillTemplate(template: string, value: (name: string) => unknown): string | undefined {
  const ofText = template.trimStart().startsWith('"');
  let quoted = false;
  let filled = "";
  let from = 0;
  for (const found of template.matchAll(PLACEHOLDER)) {
    const before = template.slice(from, found.index);
    quoted = insideQuotes(before, quoted);
    const given = value(found[1]!);
    filled += before + (quoted ? asText(given, ofText) : JSON.stringify(given ?? ""));
    from = found.index + found[0].length;
  }
  filled += template.slice(from);
  return (ofText ? filled.split("\n").every((line) => isJson(line)) : isJson(filled)) ? filled : undefined;
}

function insideQuotes(text: string, before: boolean): boolean {
  const quotes = [...text.matchAll(/\\.|"/g)].filter(([each]) => each === '"').length;
  return quotes % 2 === 0 ? before : !before;
}

function asText(given: unknown, bare: boolean): string {
  if (given === undefined || given === null) return "";
  if (typeof given === "object") {
    const text = JSON.stringify(given);
    return bare ? text.replaceAll('"', "") : text;
  }
  return typeof given === "string" ? JSON.stringify(given).slice(1, -1) : String(given);
}

function isJson(text: string): boolean {
  if (text.trim() === "") return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // that is the answer
  }
}
