import { Mistake } from "./invalid.ts";

/** Stars before the same character that EventBridge still accepts; each multiplies the states of its matcher. */
const MOST_ALIKE = 4;

/**
 * `*` stands for any characters, `\*` for a star, `\\` for a backslash; two stars in a row are refused.
 * `end` is where the text ends in the pattern.
 */
export function wildcard(pattern: string, end: number): (found: unknown) => boolean {
  let source = "";
  const afterStars = new Map<string, number>();
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index]!;
    const next = pattern[index + 1];
    if (character === "\\") {
      if (next !== "*" && next !== "\\")
        throw new Mistake(`Invalid escape character at pos ${index + 1}`, end);
      source += next === "*" ? "\\*" : "\\\\";
      index += 1;
    } else if (character === "*") {
      if (next === "*") throw new Mistake(`Consecutive wildcard characters at pos ${index + 1}`, end);
      if (next !== undefined) afterStars.set(next, (afterStars.get(next) ?? 0) + 1);
      source += "[^]*";
    } else source += character.replace(/[.+?^${}()|[\]]/g, "\\$&");
  }
  if ([...afterStars.values()].some((count) => count > MOST_ALIKE))
    throw new Mistake(
      "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character",
    );
  const expression = new RegExp(`^${source}$`);
  return (found) => typeof found === "string" && expression.test(found);
}
