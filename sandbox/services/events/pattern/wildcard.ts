import { invalid } from "./index.ts";

/** `*` stands for any characters, `\*` for a star, `\\` for a backslash; two stars in a row are refused. */
export function wildcard(pattern: string): (found: unknown) => boolean {
  let source = "";
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index]!;
    if (character === "\\") {
      const next = pattern[index + 1];
      if (next !== "*" && next !== "\\")
        throw invalid(`Event pattern is not valid. Reason: Invalid escape character at pos ${index}`);
      source += next === "*" ? "\\*" : "\\\\";
      index += 1;
    } else if (character === "*") {
      if (pattern[index + 1] === "*")
        throw invalid(`Event pattern is not valid. Reason: Consecutive wildcard characters at pos ${index}`);
      source += "[^]*";
    } else source += character.replace(/[.+?^${}()|[\]]/g, "\\$&");
  }
  const expression = new RegExp(`^${source}$`);
  return (found) => typeof found === "string" && expression.test(found);
}
