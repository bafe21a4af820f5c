import type { Sandbox } from "../../sandbox/sandbox.ts";
import { type Announced, announceDeployment } from "../announce.ts";
import type { EndedRun, RunningScenario, Scenario, ScenarioOptions } from "../scenario.ts";
import { steadyMilliseconds } from "../steady.ts";
import { until } from "../until.ts";
import { blueGreen } from "./blue-green.ts";
import { canary } from "./canary.ts";
import { helmLevel } from "./helm.ts";
import type { Level, PreparedLevel } from "./level.ts";
import { Load } from "./load.ts";
import { reportMetrics } from "./metrics.ts";
import { terraformLevel } from "./terraform.ts";
import { BAD, clusterWorld, GOOD, hostName } from "./world.ts";

/** In the order in which the plan names them. */
const LEVELS: Level[] = [blueGreen, canary, helmLevel, terraformLevel];

export const scenario: Scenario = {
  name: "llm-research-lab-cluster",
  summary: "Release 1.3.0 of a workload in Kubernetes fails, each in the way in which it was deployed",
  levels: LEVELS.map(({ name }) => name),

  async prepare(sandbox, options): Promise<RunningScenario> {
    const wanted = LEVELS.find(({ name }) => name === (options.level ?? LEVELS[0]!.name))!;
    const missing = wanted.missing?.();
    if (missing)
      throw new Error(`Level ${wanted.name} cannot be drilled here: ${missing} Nothing was started.`);
    // The front doors are verified whatever was released.
    const levels = LEVELS.filter((level) => level === wanted || level === blueGreen || level === canary);
    return (await prepareLevels(sandbox, options, levels))[wanted.name]!;
  },
};

/** Levels that can be drilled on this machine; the others with what they lack. */
export function drillable(): { here: Level[]; lacking: Record<string, string> } {
  const lacking = Object.fromEntries(
    LEVELS.flatMap((level) => {
      const missing = level.missing?.();
      return missing ? [[level.name, missing]] : [];
    }),
  );
  return { here: LEVELS.filter(({ name }) => !(name in lacking)), lacking };
}

/** One cluster with the workloads of some levels, each of which can be broken by itself. */
export async function prepareLevels(
  sandbox: Sandbox,
  { say, load: share = 1 }: ScenarioOptions,
  levels: Level[],
): Promise<Record<string, RunningScenario>> {
  const { clock } = sandbox.world;
  const world = await clusterWorld(
    sandbox,
    levels.map(({ workload }) => workload),
  );
  const load = new Load(share);
  const prepared: [Level, PreparedLevel][] = [];
  for (const level of levels) {
    prepared.push([level, await level.prepare(world)]);
    say(`${level.workload} runs version ${GOOD}, deployed by ${level.name}`);
  }
  const { figures, stop: silence } = reportMetrics(sandbox, load);
  // Also on Ctrl-C: the sandbox stops what was started in it, newest first.
  const stop = async () => {
    silence();
    await load.stop();
  };
  sandbox.world.onStop(stop);

  const announce = (deployment: Omit<Announced, "service">) =>
    announceDeployment(sandbox, { service: scenario.name, ...deployment });
  let warm: Promise<void> | undefined;
  const warmUp = async () => {
    for (const [, { target }] of prepared) load.add(target);
    const begun = Date.now();
    await until("every workload to answer without errors", () => {
      const steady = Date.now() - begun >= steadyMilliseconds(sandbox);
      return steady && figures.errorRate !== undefined && figures.errorRate < 1;
    });
  };

  const running = ([{ name, workload }, { release, expectations }]: [Level, PreparedLevel]) => {
    let releasedAt = Number.POSITIVE_INFINITY;
    const own: RunningScenario = {
      url: `https://${hostName(workload)}`,
      figures: () => figures,
      warmUp: () => {
        warm ??= warmUp();
        return warm;
      },
      announceVersion: () => announce({ version: GOOD, previousVersion: "1.2.1", stable: true }),
      async release() {
        await announce({ version: BAD, previousVersion: GOOD });
        releasedAt = Date.now();
        return release();
      },
      async expectations(run: EndedRun) {
        const verifiedAt = clock.toMachine(run.enteredAt("Verify") ?? Number.POSITIVE_INFINITY);
        const all = load.answered.filter((each) => each.workload === workload && each.sentAt >= releasedAt);
        const after = all.filter(({ sentAt }) => sentAt >= verifiedAt);
        return [
          { text: "the run succeeded", held: run.status === "SUCCEEDED", detail: run.status },
          ...(await expectations(run, { all, after })),
        ];
      },
      stop,
    };
    return [name, own] as const;
  };
  return Object.fromEntries(prepared.map(running));
}
