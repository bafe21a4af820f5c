import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";

const HERE = import.meta.dirname;
const OUT = join(HERE, "..", ".bundles");

/** Functions that are neither an action's nor a check's, by their folders. */
export const HANDLERS = [
  "trigger",
  "deployment",
  "admit",
  "decide",
  "announce",
  "report",
  "release",
] as const;

/** A built bundle: the folder that becomes a Lambda asset, and what went into it. */
export interface Bundle {
  /** `admit`, `rds-pitr`, `http-check` … */
  name: string;
  folder: string;
  metafile: Metafile;
}

/** Every entry by its name. */
function entries(): Record<string, string> {
  const kinds = (group: string) =>
    readdirSync(join(HERE, group), { withFileTypes: true })
      .filter((each) => each.isDirectory())
      .map(({ name }) => [name, join(HERE, group, name, "handler.ts")]);
  return Object.fromEntries([
    ...HANDLERS.map((name) => [name, join(HERE, name, "handler.ts")]),
    ...kinds("actions"),
    ...kinds("checks"),
  ]);
}

/** A hash over all sources and the lock file: unchanged sources are not built again. */
function sourcesHash(): string {
  const hash = createHash("sha256");
  const root = join(HERE, "..");
  hash.update(readFileSync(join(root, "package-lock.json")));
  for (const folder of ["lambdas", "lib/plan"])
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).toSorted())
      if (file.endsWith(".ts")) hash.update(file).update(readFileSync(join(root, folder, file)));
  return hash.digest("hex");
}

/**
 * Builds one bundle for each handler, action and check kind (never one for each plan) and gives them by name.
 * ESM for nodejs24.x, minified; what a spec does not list is not in its bundle (test/lambdas/bundles.test.ts).
 */
export async function buildBundles(): Promise<Record<string, Bundle>> {
  const wanted = entries();
  const stampFile = join(OUT, "stamp");
  const stamp = sourcesHash();
  const fresh = existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp;
  const bundles: Record<string, Bundle> = {};
  for (const [name, entry] of Object.entries(wanted)) {
    const folder = join(OUT, name);
    const metaFile = join(OUT, `${name}.meta.json`);
    if (!fresh) {
      mkdirSync(folder, { recursive: true });
      const { metafile } = await build({
        entryPoints: [entry],
        outfile: join(folder, "index.mjs"),
        bundle: true,
        platform: "node",
        target: "node24",
        format: "esm",
        minify: true,
        keepNames: true,
        metafile: true,
        treeShaking: true,
        mainFields: ["module", "main"],
        legalComments: "none",
        external: ["pg-native"],
        // CommonJS inside an ES module still asks for require and the like.
        banner: { js: 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);' },
        logLevel: "error",
      });
      writeFileSync(metaFile, JSON.stringify(metafile));
    }
    bundles[name] = { name, folder, metafile: JSON.parse(readFileSync(metaFile, "utf8")) as Metafile };
  }
  if (!fresh) writeFileSync(stampFile, stamp);
  return bundles;
}
