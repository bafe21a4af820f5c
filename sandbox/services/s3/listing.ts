/** Keys and common prefixes of one page. */
export interface Page {
  keys: string[];
  prefixes: string[];
  truncated: boolean;
  /** The last key or prefix of the page. */
  last: string;
}

/** One page of sorted keys, folded at the delimiter as S3 folds them. `after` is exclusive. */
export function pageOf(
  all: Iterable<string>,
  options: { prefix: string; delimiter: string; after: string; limit: number },
): Page {
  const { prefix, delimiter, after, limit } = options;
  const page: Page = { keys: [], prefixes: [], truncated: false, last: "" };
  // S3 sorts by UTF-8 bytes, not by UTF-16 units.
  const sorted = [...all]
    .filter((key) => key.startsWith(prefix))
    .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const key of sorted) {
    if (Buffer.compare(Buffer.from(key), Buffer.from(after)) <= 0 && after !== "") continue;
    const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const folded = cut < 0 ? undefined : key.slice(0, cut + delimiter.length);
    if (
      folded !== undefined &&
      (folded === page.prefixes.at(-1) || (after !== "" && after.startsWith(folded)))
    )
      continue;
    if (page.keys.length + page.prefixes.length >= limit) {
      page.truncated = limit > 0;
      break;
    }
    if (folded === undefined) page.keys.push(key);
    else page.prefixes.push(folded);
    page.last = folded ?? key;
  }
  return page;
}

/** What listing needs, with the condition keys that policies limit it by. */
export function authorizeList(
  action: string,
  input: {
    Bucket?: string | undefined;
    Prefix?: string | undefined;
    Delimiter?: string | undefined;
    MaxKeys?: number | undefined;
  },
) {
  const context: Record<string, string> = {};
  if (input.Prefix !== undefined) context["s3:prefix"] = input.Prefix;
  if (input.Delimiter !== undefined) context["s3:delimiter"] = input.Delimiter;
  if (input.MaxKeys !== undefined) context["s3:max-keys"] = String(input.MaxKeys);
  return [{ action, resources: [`arn:aws:s3:::${input.Bucket}`], context }];
}
