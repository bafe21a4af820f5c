import { readFileSync } from "node:fs";
import type { PlanProblem } from "./problem.ts";

/** A file's text, or why it has none. */
type PlanText =
  | { text: string; problem?: undefined }
  | { text?: undefined; problem: Omit<PlanProblem, "file"> };

/** Reads a plan's file, which is UTF-8, with or without a byte order mark. Never throws. */
export function planText(file: string): PlanText {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    return problem(`the file cannot be read: ${(error as Error).message}`, "check its name and its rights");
  }
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return problem("the file is UTF-16", "save it as UTF-8");
  const zero = bytes.indexOf(0);
  if (zero >= 0) return problem("the file is no text", "check its name", bytes.subarray(0, zero));
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    // Decoded again with a replacement for what is wrong: the first one that the file itself does not have.
    const text = bytes.toString("utf8");
    const at = firstWrong(bytes, text);
    return problem(
      "the file is not UTF-8: a character here is not",
      "save it as UTF-8",
      Buffer.from(text.slice(0, at)),
    );
  }
}

/** Where the first byte stands that is no UTF-8, as an offset in the text that was made of it all the same. */
function firstWrong(bytes: Buffer, text: string): number {
  for (let at = text.indexOf("\ufffd"); at >= 0; at = text.indexOf("\ufffd", at + 1)) {
    const before = Buffer.byteLength(text.slice(0, at));
    if (bytes.subarray(before, before + 3).toString("hex") !== "efbfbd") return at;
  }
  return 0;
}

function problem(reason: string, instead: string, before: Buffer = Buffer.alloc(0)): PlanText {
  const lines = before.toString("utf8").split("\n");
  return { problem: { line: lines.length, column: lines.at(-1)!.length + 1, reason, instead } };
}
