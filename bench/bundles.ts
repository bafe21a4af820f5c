import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { BUILD, buildBundles } from "../lambdas/build.ts";
import { type BenchResult, median } from "./result.ts";

const REPETITIONS = 11;
const BAR = 1.15;
const run = promisify(execFile);

/** Milliseconds to import a module in a process of its own, measured inside it. */
async function loadTime(file: string): Promise<number> {
  const source = `const begun=performance.now();await import(${JSON.stringify(`file://${file}`)});console.log(performance.now()-begun)`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", source], {
    env: { ...process.env, AWS_REGION: "us-east-1" },
  });
  return Number(stdout.trim().split("\n").at(-1));
}

/** What a handler of each package imports at the least: one client class. */
async function exported(name: string): Promise<string> {
  if (name === "pg") return "Client";
  const found = Object.keys(await import(name)).find((each) => /^[A-Z]\w+Client$/.test(each));
  if (!found) throw new Error(`${name} exports no client.`);
  return found;
}

/** A handler with nothing but the same SDK clients (and the database driver), built with the same settings. */
async function minimalBundle(folder: string, name: string, packages: string[]): Promise<string> {
  const entry = join(folder, `${name}.entry.mjs`);
  const clients = await Promise.all(packages.map(exported));
  const lines = packages.map((each, index) =>
    each === "pg"
      ? `import pg from "pg"; const c${index} = pg.${clients[index]};`
      : `import { ${clients[index]} as c${index} } from ${JSON.stringify(each)};`,
  );
  writeFileSync(
    entry,
    `${lines.join("\n")}\nexport const handler = async () => [${clients.map((_, index) => `new c${index}({})`).join(", ")}];\n`,
  );
  const outfile = join(folder, `${name}.mjs`);
  await build({
    ...BUILD,
    entryPoints: [entry],
    outfile,
    absWorkingDir: process.cwd(),
    nodePaths: [join(process.cwd(), "node_modules")],
  });
  return outfile;
}

/** Each bundle's load time against a minimal bundle with the same clients: what our own code adds to a cold start. */
export async function bundlesBench(): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), "watchdog-bundles-"));
  try {
    const results: BenchResult[] = [];
    for (const bundle of Object.values(await buildBundles())) {
      const packages = new Set(
        Object.keys(bundle.metafile.inputs).flatMap(
          (input) => /node_modules\/(@aws-sdk\/client-[\w-]+|pg)\//.exec(input)?.[1] ?? [],
        ),
      );
      // Nothing to compare it with: a handler that calls no service at all.
      if (packages.size === 0) continue;
      const minimal = await minimalBundle(folder, bundle.name, [...packages]);
      const times = { ours: [] as number[], theirs: [] as number[] };
      for (let each = 0; each < REPETITIONS; each += 1) {
        times.ours.push(await loadTime(join(bundle.folder, "index.mjs")));
        times.theirs.push(await loadTime(minimal));
      }
      const [a, b] = [median(times.ours), median(times.theirs)];
      results.push({
        name: `load of ${bundle.name} / its clients alone`,
        a,
        b,
        ratio: a / b,
        bar: BAR,
        holds: a / b <= BAR,
        unit: "ms",
      });
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
