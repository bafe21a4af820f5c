/**
 * `npm run bench [-- --json] [-- name…]`: every figure is a ratio of two things measured side by side in this run.
 * Exit code 1 when a bar does not hold.
 */
import { bundlesBench } from "./bundles.ts";
import { frontDoorBench } from "./front-door.ts";
import { interpreterBench } from "./interpreter.ts";
import { kubernetesBench } from "./kubernetes.ts";
import { lastGoodBench } from "./last-good.ts";
import { reactionBench } from "./reaction.ts";
import { reconcileBench } from "./reconcile.ts";
import { restoreBench } from "./restore.ts";
import type { BenchResult } from "./result.ts";
import { simulationBench } from "./simulation.ts";
import { stormBench } from "./storm.ts";
import { synthBench } from "./synth.ts";

const BENCHES: Record<string, () => Promise<BenchResult[]>> = {
  restore: restoreBench,
  bundles: bundlesBench,
  interpreter: interpreterBench,
  "front-door": frontDoorBench,
  kubernetes: kubernetesBench,
  reaction: reactionBench,
  simulation: simulationBench,
  storm: stormBench,
  reconcile: reconcileBench,
  "last-good": lastGoodBench,
  synth: synthBench,
};

const json = process.argv.includes("--json");
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const unknown = wanted.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`No bench named ${unknown.join(", ")}. There are: ${Object.keys(BENCHES).join(", ")}.`);
  process.exit(2);
}

const results: BenchResult[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const result of await bench()) {
    results.push(result);
    if (!json) console.log(line(result));
  }
}
if (json)
  console.log(
    JSON.stringify(results.map(({ name, ratio, bar, holds, a, b }) => ({ name, ratio, bar, holds, a, b }))),
  );
process.exitCode = results.every((result) => result.holds) ? 0 : 1;

function line({ name, a, b, ratio, bar, holds, unit = "", note }: BenchResult): string {
  const figures = `${a.toPrecision(4)} ${unit} against ${b.toPrecision(4)} ${unit}`;
  return `${holds ? "holds " : "MISSED"}  ${name.padEnd(44)} ratio ${ratio.toFixed(2).padStart(6)}  bar ${Number(bar.toFixed(2))}  (${figures})${note ? `  ${note}` : ""}`;
}
