/** A regular expression between slashes: one of its own would end it. */
const slashed = (pattern: string) =>
  `/${pattern.replace(/\\.|\//gs, (part) => (part === "/" ? "\\/" : part))}/`;

/** The Logs Insights query that counts. Pure. */
export function queryOf({ pattern, without }: { pattern: string; without?: string | undefined }): string {
  return [
    `filter @message like ${slashed(pattern)}`,
    ...(without === undefined ? [] : [`filter @message not like ${slashed(without)}`]),
    "stats count(*) as lines",
  ].join(" | ");
}

/** Whether a count is as expected, `"= 0"` or `"<= 5"`. Pure. */
export function fits(count: number, expect: string): boolean {
  const [, operator = "=", text = "0"] = /^(>=|<=|>|<|=)\s*(\d+)$/.exec(expect) ?? [];
  const limit = Number(text);
  if (operator === "=") return count === limit;
  if (operator === ">") return count > limit;
  if (operator === ">=") return count >= limit;
  return operator === "<" ? count < limit : count <= limit;
}
