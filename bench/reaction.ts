import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  DescribeExecutionCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  SFNClient,
} from "@aws-sdk/client-sfn";
import { executionHistory } from "../bin/drill/history.ts";
import { buildBundles } from "../lambdas/build.ts";
import { until } from "../scenarios/until.ts";
import { drillBench } from "../test/drills/harness.ts";
import { type BenchResult, median } from "./result.ts";

const REPETITIONS = 3;
const SPEED = 60;
const BAR = 1.5;
/** Sandbox milliseconds between two looks at the run. */
const LOOK_AGAIN = 60_000;
const run = promisify(execFile);

/** One function's work in a run, machine milliseconds since the alarm changed its state. */
interface Work {
  bundle: string;
  from: number;
  to: number;
}

/**
 * From the alarm's change of state to the end of the first change, on the synthesized stack, every function a cold start;
 * against the same processes started bare, each loading its bundle and nothing else, side by side where the run had them
 * side by side.
 */
export async function reactionBench(): Promise<BenchResult[]> {
  const bundles = await buildBundles();
  const [ours, floors]: [number[], number[]] = [[], []];
  let processes = 0;
  for (let each = 0; each < REPETITIONS; each += 1) {
    const work = await untilFirstChange(Object.keys(bundles));
    processes = work.length;
    ours.push(Math.max(...work.map(({ to }) => to)));
    const waves = sideBySide(work).map((wave) =>
      wave.map(({ bundle }) => join(bundles[bundle]!.folder, "index.mjs")),
    );
    floors.push(await bare(waves));
  }
  const [a, b] = [median(ours), median(floors)];
  return [
    {
      name: "alarm to first change / its processes alone",
      a,
      b,
      ratio: a / b,
      bar: BAR,
      holds: a / b <= BAR,
      unit: "ms",
      note: `${processes} processes`,
    },
  ];
}

/** Breaks the lab's service and watches the run up to the end of its first change. */
async function untilFirstChange(bundles: string[]): Promise<Work[]> {
  const bench = await drillBench("llm-research-lab", { speed: SPEED, load: 0.2 });
  try {
    await bench.running.release();
    const states = new SFNClient(bench.sandbox.clientConfig());
    const { stateMachineArn } = bench;
    const first = async () =>
      (await states.send(new ListExecutionsCommand({ stateMachineArn }))).executions?.[0];
    await until("the alarm to start a run", async () => (await first()) !== undefined);
    const { executionArn } = (await first())!;
    let history: HistoryEvent[] = [];
    // Seldom: reading the whole history is work of the process that is measured, and its times stand in it anyway.
    while (firstChange(history) === undefined) {
      await bench.sandbox.world.clock.sleep(LOOK_AGAIN);
      history = await executionHistory(bench.sandbox, executionArn!);
      if (history.some(({ type }) => type?.startsWith("Execution") && type !== "ExecutionStarted"))
        throw new Error(`The run ended without a change: ${history.at(-1)?.type}`);
    }
    const rang = await rangAt(states, executionArn!);
    const machine = (at: Date) => (at.getTime() - rang) / SPEED;
    const works = worksOf(history, firstChange(history)!, machine, bundles);
    // Before the first of them: the function that made a run of the alarm.
    return [{ bundle: "trigger", from: 0, to: Math.min(...works.map(({ from }) => from)) }, ...works];
  } finally {
    await bench.close();
  }
}

const firstChange = (history: HistoryEvent[]) =>
  history.find(
    ({ type, stateExitedEventDetails }) =>
      type === "TaskStateExited" && stateExitedEventDetails?.name?.startsWith("Apply "),
  )?.timestamp;

/**
 * When the alarm went to ALARM, sandbox time, as the run was told: on a busy machine the alarm itself may have gone back
 * and rung again by the time that the run has come so far.
 */
async function rangAt(states: SFNClient, executionArn: string): Promise<number> {
  const { input } = await states.send(new DescribeExecutionCommand({ executionArn }));
  const { trigger } = JSON.parse(input!) as { trigger: { since: string } };
  return Date.parse(trigger.since);
}

/** The functions that the run called before a moment, from TaskScheduled to TaskSucceeded. */
function worksOf(
  history: HistoryEvent[],
  end: Date,
  machine: (at: Date) => number,
  bundles: string[],
): Work[] {
  const begun = new Map<number, HistoryEvent>();
  const works: Work[] = [];
  for (const event of history) {
    const scheduled = begun.get(event.previousEventId!);
    if (event.type === "TaskScheduled") begun.set(event.id!, event);
    else if (event.type === "TaskStarted" && scheduled) begun.set(event.id!, scheduled);
    else if (event.type === "TaskSucceeded" && scheduled && event.timestamp! <= end) {
      const { FunctionName } = JSON.parse(scheduled.taskScheduledEventDetails!.parameters!) as {
        FunctionName?: string;
      };
      // A ladder that waits is started too; it is no function.
      if (FunctionName === undefined) continue;
      works.push({
        bundle: bundleOf(FunctionName, bundles),
        from: machine(scheduled.timestamp!),
        to: machine(event.timestamp!),
      });
    }
  }
  return works;
}

/** The longest bundle's name that a function's generated name holds. */
function bundleOf(functionArn: string, bundles: string[]): string {
  const plain = (text: string) => text.replaceAll("-", "").toLowerCase();
  const name = plain(functionArn.split(":function:")[1]!);
  const found = bundles
    .filter((bundle) => name.includes(plain(bundle)))
    .toSorted((left, right) => right.length - left.length)[0];
  if (!found) throw new Error(`Which bundle ${functionArn} runs is not known.`);
  return found;
}

/** Works that were under way at the same time, together. Pure. */
function sideBySide(works: Work[]): Work[][] {
  const waves: Work[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const work of works.toSorted((left, right) => left.from - right.from)) {
    if (work.from < end) waves.at(-1)!.push(work);
    else waves.push([work]);
    end = Math.max(end, work.to);
  }
  return waves;
}

/** Machine milliseconds to start these processes, wave after wave, each importing its file. */
async function bare(waves: string[][]): Promise<number> {
  const begun = performance.now();
  for (const files of waves)
    await Promise.all(
      files.map((file) =>
        run(
          process.execPath,
          ["--input-type=module", "-e", `await import(${JSON.stringify(`file://${file}`)})`],
          {
            env: { ...process.env, AWS_REGION: "us-east-1" },
          },
        ),
      ),
    );
  return performance.now() - begun;
}
