import { importsOf } from "./imports.ts";
import { type Finding, lineOf, type Source } from "./sources.ts";

/**
 * Files that import each other in a circle when the program runs: none can be read, tested or moved without the others.
 * An import of a type alone is gone by then and closes no circle. One finding a circle, at the import that closes it.
 */
export function importCircles(sources: Source[]): Finding[] {
  const files = new Map(sources.map((source) => [source.path, source]));
  const done = new Set<string>();
  const findings: Finding[] = [];
  const follow = (source: Source, way: string[]) => {
    done.add(source.path);
    const here = [...way, source.path];
    for (const { to, type, offset } of importsOf(source)) {
      const next = files.get(to);
      if (!next || type) continue;
      if (here.includes(to))
        findings.push({
          path: source.path,
          line: lineOf(source.text, offset),
          text: `closes a circle of imports: ${[...here.slice(here.indexOf(to)), to].join(" → ")}. Move what both need into a file of its own.`,
        });
      else if (!done.has(to)) follow(next, here);
    }
  };
  for (const source of sources) if (!done.has(source.path)) follow(source, []);
  return findings;
}
