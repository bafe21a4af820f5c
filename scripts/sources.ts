import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The project's folder. */
export const ROOT = join(import.meta.dirname, "..");

/** A text file of the project; `path` is relative to its folder, with `/`. */
export interface Source {
  path: string;
  text: string;
}

/** One finding of a check. */
export interface Finding {
  path: string;
  /** 1-based. */
  line: number;
  /** What is wrong and what to do instead. */
  text: string;
}

/** Files that git knows or would add, so that a check also sees what is about to be committed. */
export function projectFiles(root = ROOT): string[] {
  const list = execFileSync(
    "git",
    ["-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
    { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  return [...new Set(list.split("\0"))].filter((path) => path !== "").toSorted();
}

/** Reads files; those deleted in the working tree but still in the index are left out. */
export function read(paths: string[], root = ROOT): Source[] {
  return paths.flatMap((path) => {
    try {
      return [{ path, text: readFileSync(join(root, path), "utf8") }];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  });
}

/** TypeScript of the folders that the import table speaks of. */
export const isCode = (path: string) =>
  /^(bin|lib|lambdas|sandbox|scenarios)\/.*\.ts$/.test(path) && !path.endsWith(".d.ts");

export const lineOf = (text: string, offset: number) => text.slice(0, offset).split("\n").length;

/** Prints findings and sets the exit code; `what` names the check in its one closing line. */
export function conclude(what: string, findings: Finding[], seen: number): void {
  for (const { path, line, text } of findings) console.error(`${path}:${line}  ${text}`);
  console.error(
    `${what}: ${findings.length === 0 ? "no findings" : `${findings.length} findings`} in ${seen} files`,
  );
  if (seen === 0) console.error("No file was looked at, which proves nothing.");
  if (findings.length > 0 || seen === 0) process.exitCode = 1;
}
