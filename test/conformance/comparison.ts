/**
 * Compares an answer with a recorded one. Values that differ from run to run are placeholders in the recordings:
 * `<name:1>` or `<Name-1idx>` is the same text wherever it stands, `<name>` any text, `timestamp` and `date` are moments.
 */
export interface Placeholders {
  account: string;
  /** Members that AWS has added since some of the recordings were made. */
  newer?: string[];
  /** Members that the recorder's own client added. */
  absent?: string[];
  /** What the numbered placeholders turned out to be; shared by all answers of one recording. */
  meanings: Map<string, string>;
}

/** Differences, one a line, each with its path; none when the answer is what AWS gave. */
export function differences(
  wanted: unknown,
  answer: unknown,
  placeholders: Placeholders,
  path = "",
): string[] {
  const differ = () => [`${path}: ${JSON.stringify(answer)} instead of ${JSON.stringify(wanted)}`];
  if (wanted === "timestamp" || wanted === "datetime")
    return answer instanceof Date && !Number.isNaN(answer.getTime()) ? [] : differ();
  if (wanted === "date") return isMoment(answer) ? [] : differ();
  if (typeof wanted === "string") return fits(wanted, answer, placeholders) ? [] : differ();
  if (typeof wanted !== "object" || wanted === null) return Object.is(wanted, answer) ? [] : differ();
  // The recorder shows JSON texts parsed.
  const found: unknown = typeof answer === "string" ? parsed(answer) : answer;
  if (typeof found !== "object" || found === null) return differ();
  if (Array.isArray(wanted)) {
    if (!Array.isArray(found) || found.length !== wanted.length) return differ();
    return wanted.flatMap((each, index) =>
      differences(each, found[index], placeholders, `${path}[${index}]`),
    );
  }
  return members(wanted as Record<string, unknown>, found as Record<string, unknown>, placeholders, path);
}

function members(
  wanted: Record<string, unknown>,
  found: Record<string, unknown>,
  placeholders: Placeholders,
  path: string,
): string[] {
  const { ResponseMetadata, ...rest } = wanted;
  const status = (ResponseMetadata as { HTTPStatusCode: number } | undefined)?.HTTPStatusCode;
  const answered = (found["$metadata"] as { httpStatusCode?: number } | undefined)?.httpStatusCode;
  const problems =
    status === undefined || status === answered ? [] : [`${path}: status ${answered} instead of ${status}`];
  nameKeys(wanted, found, placeholders);
  const keyOf = (key: string) => placeholders.meanings.get(key) ?? key;
  for (const [key, each] of Object.entries(rest).filter(([key]) => !placeholders.absent?.includes(key)))
    problems.push(...differences(each, found[keyOf(key)], placeholders, `${path}.${key}`));
  const named = new Set(Object.keys(wanted).map(keyOf));
  const ignored = new Set(["$metadata", ...(placeholders.newer ?? [])]);
  for (const [key, each] of Object.entries(found))
    if (!named.has(key) && each !== undefined && !ignored.has(key))
      problems.push(`${path}.${key}: ${JSON.stringify(each)} is not in the recording`);
  return problems;
}

/** Keys can be placeholders too, as the versions of a secret are: a new one means the key that is left. */
function nameKeys(wanted: object, found: object, { meanings }: Placeholders): void {
  const unknown = Object.keys(wanted).filter((key) => NUMBERED.test(key) && !meanings.has(key));
  const known = new Set(meanings.values());
  const left = Object.keys(found).filter((key) => !(key in wanted) && !known.has(key));
  if (unknown.length === 1 && left.length === 1) meanings.set(unknown[0]!, left[0]!);
}

const isMoment = (value: unknown) =>
  typeof value === "string" &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|\+0000)$/.test(value) &&
  !Number.isNaN(Date.parse(value.replace("+0000", "Z")));

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // no JSON: then it is compared as the text it is
  }
}

const NUMBERED = /^<[\w-]+(:\d+|-\d+idx)>$/;
const PLACEHOLDER = /<[A-Za-z][\w-]*(?::\d+)?>|\(MM\/DD\/YY HH:MM:SS\)|111111111111/g;
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function fits(wanted: string, answer: unknown, { account, meanings }: Placeholders): boolean {
  if (typeof answer !== "string") return false;
  const names = [...wanted.matchAll(PLACEHOLDER)].map(([name]) => name);
  if (names.length === 0) return wanted === answer;
  const texts = wanted.split(PLACEHOLDER);
  const patterns = names.map((name) => {
    if (name === "111111111111") return `(${account})`;
    if (name.startsWith("(MM")) return String.raw`(\(\d\d\/\d\d\/\d\d \d\d:\d\d:\d\d\))`;
    const known = meanings.get(name);
    if (known === undefined && name.startsWith("<ArnPart")) return "(-[A-Za-z0-9]{6})";
    return known === undefined ? "(.+?)" : `(${escaped(known)})`;
  });
  const source = texts.map((text, index) => escaped(text) + (patterns[index] ?? "")).join("");
  const found = new RegExp(`^${source}$`, "s").exec(answer);
  if (!found) return false;
  for (const [index, name] of names.entries()) if (NUMBERED.test(name)) meanings.set(name, found[index + 1]!);
  return true;
}

/** An SDK client's error as the recorder shows it. */
export async function failure(call: Promise<unknown>): Promise<object> {
  const error = await call.then(
    () => Promise.reject(new Error("The call succeeded; AWS refused it")),
    (thrown: Error & { Error?: { Code?: string }; Code?: string; $fault?: string; $metadata?: object }) =>
      thrown,
  );
  return {
    Error: {
      Code: error.Error?.Code ?? error.Code ?? error.name,
      Message: error.message === "UnknownError" ? "" : error.message,
      Type: error.$fault === "client" ? "Sender" : "Receiver",
    },
    $metadata: error.$metadata,
  };
}
