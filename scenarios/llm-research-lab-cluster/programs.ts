import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Where a program is found on PATH, as a build will find it; undefined when it is not there. */
export function programOnPath(name: string): string | undefined {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}
