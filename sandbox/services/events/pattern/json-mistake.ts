/** Why a text is no JSON, in the words of the parser that AWS uses, and after how many characters it was noticed. */
export function jsonMistake(text: string): { reason: string; column: number } {
  const open = /^\s*\{\s*([^"}\s])/.exec(text);
  if (open) {
    const character = open[1]!;
    const reason = `Unexpected character ('${character}' (code ${character.codePointAt(0)})): was expecting double-quote to start field name`;
    return { reason, column: open[0].length };
  }
  const literals = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
  for (const found of text.matchAll(/"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*/g)) {
    const [word] = found;
    if (word.startsWith('"') || ["null", "true", "false"].includes(word)) continue;
    return {
      reason: `Unrecognized token '${word}': was expecting ${literals}`,
      column: found.index + word.length + 1,
    };
  }
  return { reason: "Unexpected end-of-input: expected close marker for Object", column: text.length + 1 };
}
