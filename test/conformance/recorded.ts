import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Behaviour recorded from AWS lies beside the project's checkout; a user's clone does not have it. */
const FOLDER = join(import.meta.dirname, "../../../shared/conformance");

/** The parsed file, or undefined (said loudly) when it is not there. */
export function recorded<Content>(file: string): Content | undefined {
  const path = join(FOLDER, file);
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as Content;
  console.warn(`SKIPPED: the recorded behaviour ${file} is not on this machine`);
  return undefined;
}
