import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build, type Metafile } from "esbuild";

const HERE = import.meta.dirname;
const OUT = join(HERE, "..", ".bundles");
/** In the published package the bundles lie here, built already (scripts/build.ts). */
const READY = join(HERE, "..", "bundles");

/** Functions that are neither an action's nor a check's, by their folders. */
export const HANDLERS = [
  "trigger",
  "deployment",
  "baseline",
  "oversee",
  "admit",
  "compare",
  "decide",
  "announce",
  "escalate",
  "approval",
  "approve",
  "report",
  "recall",
  "release",
  "preflight",
  "practice",
  "practice-clean",
  "redeploy",
] as const;

/** How a bundle is made; bench/bundles.ts makes its minimal bundles in the same way. */
export const BUILD = {
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  minify: true,
  keepNames: true,
  treeShaking: true,
  mainFields: ["module", "main"],
  legalComments: "none",
  external: ["pg-native"],
  // An import of node:http makes Node load all that it can export, the HTTP client behind `WebSocket` too: 25 ms of CPU
  // in every cold start that speaks plain HTTP. require() takes what is asked for.
  supported: { "dynamic-import": false },
  // CommonJS inside an ES module still asks for require and the like.
  banner: { js: 'import{createRequire as __cr}from"node:module";const require=__cr(import.meta.url);' },
  logLevel: "error",
} satisfies BuildOptions;

/** A built bundle: the folder that becomes a Lambda asset, and what went into it. */
export interface Bundle {
  /** The handler's folder, or the kind of action or check. */
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
 * ESM for nodejs24.x, minified; what a spec does not list is not in its bundle (test/project/bundles.test.ts).
 */
export async function buildBundles(): Promise<Record<string, Bundle>> {
  if (existsSync(READY)) {
    const folders = readdirSync(READY, { withFileTypes: true }).filter((each) => each.isDirectory());
    return bundlesIn(
      READY,
      folders.map(({ name }) => name),
    );
  }
  const wanted = entries();
  const root = join(OUT, sourcesHash().slice(0, 16));
  if (!existsSync(root)) await buildInto(root, wanted);
  return bundlesIn(root, Object.keys(wanted));
}

function bundlesIn(root: string, names: string[]): Record<string, Bundle> {
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        name,
        folder: join(root, name),
        // Read when somebody asks: all of them together are a tenth of a second, and a synthesis asks for none.
        get metafile() {
          return JSON.parse(readFileSync(join(root, `${name}.meta.json`), "utf8")) as Metafile;
        },
      },
    ]),
  );
}

/** Builds beside the final place and moves it there whole: two builds at once do not see each other's half. */
async function buildInto(root: string, wanted: Record<string, string>): Promise<void> {
  mkdirSync(OUT, { recursive: true });
  const draft = mkdtempSync(join(OUT, "draft-"));
  // All in one call: what several of them share is parsed once.
  const { metafile } = await build({
    ...BUILD,
    entryPoints: Object.entries(wanted).map(([name, entry]) => ({ in: entry, out: join(name, "index") })),
    outdir: draft,
    outExtension: { ".js": ".mjs" },
    metafile: true,
    alias: { "@aws-sdk/credential-provider-node": join(HERE, "runtime", "credentials.ts") },
  });
  for (const name of Object.keys(wanted))
    writeFileSync(join(draft, `${name}.meta.json`), JSON.stringify(onlyOf(metafile, name)));
  try {
    renameSync(draft, root);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another process was quicker and made the same thing.
    if (!existsSync(root)) throw error;
  }
}

/** What one bundle is made of, out of what all of them are. */
function onlyOf({ inputs, outputs }: Metafile, name: string): Metafile {
  const own = Object.entries(outputs).filter(([file]) => file.endsWith(`/${name}/index.mjs`));
  const read = new Set(own.flatMap(([, output]) => Object.keys(output.inputs)));
  return {
    inputs: Object.fromEntries(Object.entries(inputs).filter(([file]) => read.has(file))),
    outputs: Object.fromEntries(own),
  };
}
