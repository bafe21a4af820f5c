import { posix } from "node:path";
import { parseSync, Visitor } from "oxc-parser";
import type { Source } from "./sources.ts";

/** One import of a file: static, dynamic, re-export or of a type. */
export interface Import {
  /** Path inside the project, or the name of a package (`@aws-sdk/client-rds`, `node:fs`). */
  to: string;
  local: boolean;
  offset: number;
  /** Gone when the program runs: `import type`, `export type`, `typeof import(…)`. */
  type: boolean;
}

/** Parses a file and gives every specifier in it. A file that does not parse is an error, never a file without imports. */
export function importsOf({ path, text }: Source): Import[] {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]!.message}`);
  const found: Import[] = [];
  const add = (source: { start: number; value?: unknown } | null | undefined, kind = "value") => {
    if (source && typeof source.value === "string")
      found.push({ ...resolved(path, source.value, source.start), type: kind === "type" });
  };
  new Visitor({
    ImportDeclaration: ({ source, importKind }) => add(source, importKind),
    ExportNamedDeclaration: ({ source, exportKind }) => add(source, exportKind),
    ExportAllDeclaration: ({ source, exportKind }) => add(source, exportKind),
    ImportExpression: ({ source }) => add(source as { start: number; value?: unknown }),
    TSImportType: ({ source }) => add(source, "type"),
  }).visit(program);
  return found.toSorted((left, right) => left.offset - right.offset);
}

function resolved(from: string, specifier: string, offset: number): Omit<Import, "type"> {
  if (specifier.startsWith("."))
    return { to: posix.join(posix.dirname(from), specifier), local: true, offset };
  if (specifier.startsWith("node:")) return { to: specifier, local: false, offset };
  const [scope, name] = specifier.split("/");
  return { to: specifier.startsWith("@") ? `${scope}/${name}` : scope!, local: false, offset };
}
