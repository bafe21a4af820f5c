import { homedir } from "node:os";
import { dirname } from "node:path";
import { conclude, type Finding, lineOf, projectFiles, ROOT, read, type Source } from "./sources.ts";

/** What no committed file may hold, since it is true on one machine or in one house only. */
const NEVER: { pattern: RegExp; text: string }[] = [
  {
    pattern:
      /\b(?:registry\.npmjs\.org|registry\.yarnpkg\.com|[\w.-]*(?:artifactory|nexus|verdaccio)[\w-]*\.[\w.-]+\/)/gi,
    text: "names a package registry: which one is used is a machine's own setting (.npmrc)",
  },
  {
    pattern: /"resolved":\s*"https?:/g,
    text: "a download address in a lock file: npm install with omit-lockfile-registry-resolved=true",
  },
  { pattern: /(?<![\w.$}-])\/(?:Users|root)\/\w/g, text: "a path of one machine" },
];

/** Findings in text files. `here`: folders of this machine that nobody else has. */
export function committedFindings(sources: Source[], here: string[] = machineFolders()): Finding[] {
  return sources
    .filter(({ text }) => !text.includes("\0"))
    .flatMap(({ path, text }) => [
      ...NEVER.flatMap(({ pattern, text: says }) =>
        [...text.matchAll(pattern)].map((match) => ({
          path,
          line: lineOf(text, match.index),
          text: `"${match[0]}": ${says}`,
        })),
      ),
      ...here
        .filter((folder) => text.includes(folder))
        .map((folder) => ({
          path,
          line: lineOf(text, text.indexOf(folder)),
          text: `"${folder}": a path of this machine`,
        })),
    ]);
}

function machineFolders(): string[] {
  // A folder right below / is too short a name to be told from ordinary text.
  return [`${ROOT}/`, `${dirname(ROOT)}/`, `${homedir()}/`].filter((folder) => folder.length > 5);
}

if (import.meta.main) {
  const sources = read(projectFiles().filter((path) => !path.startsWith("scripts/check-committed")));
  conclude("Committed text", committedFindings(sources), sources.length);
}
