import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CLUSTER, NAMESPACE, released, settled } from "../test/actions/benches/cluster.ts";
import { benches } from "../test/actions/benches/index.ts";
import { answerOf, StepCaller } from "../test/actions/caller.ts";
import { type DrillBench, drillBench, silence } from "../test/drills/harness.ts";
import { type BenchResult, median } from "./result.ts";

const REPETITIONS = 5;
const BAR = 1.2;
const DEPLOYMENT = "web";

/**
 * A rollout undone by the deployed functions of `k8s-rollout` (apply, then polls until it runs; warm, under their own
 * roles) against the real kubectl on the same cluster: `rollout undo`, then `rollout status`.
 */
export async function kubernetesBench(): Promise<BenchResult[]> {
  if (spawnSync("kubectl", ["version", "--client"]).status !== 0) {
    console.error("kubectl is not installed: its bench is skipped");
    return [];
  }
  const bench = await drillBench("cluster", {
    ...benches["cluster"],
    metricsReported: false,
    change: silence,
  });
  try {
    const { sandbox } = bench;
    const config = join(sandbox.world.root, "kubeconfig");
    writeFileSync(config, await sandbox.cluster(CLUSTER).kubeconfig(sandbox.adminCredentials));
    const times = { product: [] as number[], kubectl: [] as number[] };
    for (let each = -1; each < REPETITIONS; each += 1) {
      const took = {
        product: await undone(bench, product),
        kubectl: await undone(bench, () => kubectl(config)),
      };
      // The first of each warms functions and kubectl's discovery cache.
      if (each < 0) continue;
      times.product.push(took.product);
      times.kubectl.push(took.kubectl);
    }
    const [a, b] = [median(times.product), median(times.kubectl)];
    return [
      {
        name: "rollout undone / kubectl rollout undo and status",
        a,
        b,
        ratio: a / b,
        bar: BAR,
        holds: a / b <= BAR,
        unit: "ms",
      },
    ];
  } finally {
    await bench.close();
  }
}

/** Release 1, then release 2, then back: how long the way back takes, machine milliseconds. */
async function undone(bench: DrillBench, undo: (bench: DrillBench) => Promise<number>): Promise<number> {
  await released(bench.sandbox, DEPLOYMENT);
  const took = await undo(bench);
  await settled(bench.sandbox, DEPLOYMENT);
  return took;
}

async function product(bench: DrillBench): Promise<number> {
  const caller = await StepCaller.of(bench, "rollout", "k8s-rollout");
  const run = await caller.run();
  const input = { cluster: CLUSTER, namespace: NAMESPACE, deployment: DEPLOYMENT };
  const { change } = answerOf(await caller.preflight(run, input));
  const begun = performance.now();
  await caller.complete("apply", run, input, change);
  return performance.now() - begun;
}

async function kubectl(config: string): Promise<number> {
  const run = (...given: string[]) =>
    new Promise<void>((resolve, reject) => {
      const all = [`--kubeconfig=${config}`, `--cache-dir=${config}-cache`, "-n", NAMESPACE, ...given];
      const child = spawn("kubectl", all, { stdio: ["ignore", "ignore", "inherit"] });
      child.once("error", reject);
      child.once("exit", (code) =>
        code === 0 ? resolve() : reject(new Error(`kubectl ${given.join(" ")} ended with code ${code}`)),
      );
    });
  const begun = performance.now();
  await run("rollout", "undo", `deployment/${DEPLOYMENT}`);
  await run("rollout", "status", `deployment/${DEPLOYMENT}`, "--timeout=60s");
  return performance.now() - begun;
}
