import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { counted, QUOTAS } from "../lib/quotas.ts";
import { synthesize } from "../lib/synthesize.ts";
import type { BenchResult } from "./result.ts";

const SIZES = [1, 10, 100];
/** A plan of many may take this much of one alone. */
const BAR = 1.25;
const PLANS = "plans";

/** How long a synthesis of 1, 10 and 100 plans takes, the project's own plans under other names, and how large it gets. */
export async function synthBench(): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), "watchdog-synth-bench-"));
  const names = readdirSync(PLANS).filter((name) => name.endsWith(".yaml"));
  const texts = names.map((name) => readFileSync(join(PLANS, name), "utf8"));
  const files = Array.from({ length: Math.max(...SIZES) }, (_, index) => {
    const file = join(folder, `plan-${index}.yaml`);
    writeFileSync(file, texts[index % texts.length]!.replace(/^service: .*$/m, `service: service-${index}`));
    return file;
  });
  const measure = async (count: number) => {
    const outdir = join(folder, `out-${count}`);
    mkdirSync(outdir, { recursive: true });
    const begun = performance.now();
    const { stacks } = await synthesize(files.slice(0, count), outdir);
    const took = performance.now() - begun;
    const resources = stacks.map(({ templateFile }) => counted(readFileSync(templateFile, "utf8")).resources);
    if (stacks.length !== count) throw new Error(`${stacks.length} stacks were made of ${count} plans`);
    rmSync(outdir, { recursive: true, force: true });
    return { took, most: Math.max(...resources) };
  };
  try {
    // The bundles are built and the CDK is loaded once, by whoever comes first; one of each of the plans is the measure.
    await measure(1);
    const alone = (await measure(names.length)).took / names.length;
    const results: BenchResult[] = [];
    for (const count of SIZES) {
      const { took, most } = await measure(count);
      results.push({
        name: `synth of ${count} plan(s): each / each of the ${names.length} plans`,
        a: took / count,
        b: alone,
        ratio: took / count / alone,
        // One alone carries what is done once.
        bar: count === 1 ? names.length : BAR,
        holds: took / count / alone <= (count === 1 ? names.length : BAR),
        unit: "ms",
        note: `${(took / 1000).toFixed(1)} s in all, at most ${most} resources a stack`,
      });
      if (count === Math.max(...SIZES))
        results.push({
          name: `resources of the largest of ${count} stacks / quota`,
          a: most,
          b: QUOTAS.resources,
          ratio: most / QUOTAS.resources,
          bar: 1,
          holds: most < QUOTAS.resources,
        });
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
