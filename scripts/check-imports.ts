import { importCircles } from "./import-circles.ts";
import { EVERYWHERE, TABLE } from "./import-table.ts";
import { importsOf } from "./imports.ts";
import { conclude, type Finding, isCode, lineOf, projectFiles, read, type Source } from "./sources.ts";

/** Imports that the table does not allow, and files of which it says nothing. */
export function importFindings(sources: Source[]): Finding[] {
  return sources.flatMap((source) => {
    const row = TABLE.find(({ from }) => from.test(source.path));
    if (!row)
      return [
        {
          path: source.path,
          line: 1,
          text: "no row of scripts/import-table.ts speaks of this file: add one",
        },
      ];
    const own = row.own ? row.from.exec(source.path)?.[1] : undefined;
    return importsOf(source)
      .filter(({ to, local }) => {
        if (local)
          return !(row.files.some((files) => files.test(to)) || (own !== undefined && to.startsWith(own)));
        return ![...EVERYWHERE, ...row.packages].some((packages) => packages.test(to));
      })
      .map(({ to, offset }) => ({
        path: source.path,
        line: lineOf(source.text, offset),
        text: `may not import ${to}: ${row.says}`,
      }));
  });
}

if (import.meta.main) {
  const sources = read(projectFiles().filter(isCode));
  conclude("Import rules", [...importFindings(sources), ...importCircles(sources)], sources.length);
}
