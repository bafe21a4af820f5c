import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { subscribers } from "../../lib/plan/audiences.ts";
import { alarmName } from "../../lib/plan/criteria.ts";
import { loadPlanOrThrow } from "../../lib/plan/load.ts";
import { watchRounds } from "../../lib/plan/timing.ts";
import { alarmTriggers, isMetric } from "../../lib/plan/trigger-kind.ts";
import { synthesize } from "../../lib/synthesize.ts";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import type { WorldLog } from "../../sandbox/world.ts";
import type { EndedRun, Expectation, Scenario } from "../../scenarios/scenario.ts";
import { until } from "../../scenarios/until.ts";
import { BREAKS, type Break, breakCalls, mustBeKnown } from "./breaks.ts";
import { type Figure, figureLines, figures } from "./figures.ts";
import { drillFolder, writeFolder } from "./folder.ts";
import { executionHistory, roundsPassed, stateTimes, variable } from "./history.ts";
import { confirmSubscriptions } from "./inbox.ts";
import { gather } from "./invariants/gather.ts";
import { invariants, violations } from "./invariants/invariants.ts";
import { recordCalls } from "./invariants/record.ts";
import { showLive } from "./live.ts";
import { breaksMet, failedLoudly } from "./loudly.ts";
import { machinePace, paceLine } from "./pace.ts";
import { printer } from "./print.ts";

export interface DrillOptions {
  planFile: string;
  scenario: Scenario;
  /** Sandbox seconds for each machine second; as many as this machine can hold, up to 60, unless given. */
  speed?: number | undefined;
  seed: number;
  /** Which of the scenario's levels is broken; its first unless given. */
  level?: string;
  /** Calls of the plan's own roles that go wrong. */
  breaks?: Break[];
  /** True: one JSON object on standard output, everything else on standard error. */
  json?: boolean;
  /** Where `drills/` is made. */
  outputBase: string;
  /** Aborted by Ctrl-C: the drill stops everything and rejects with the signal's reason. */
  signal: AbortSignal;
}

/** What a drill found. */
export interface DrillResult {
  plan: string;
  /** Whether every expectation held. */
  held: boolean;
  figures: Figure[];
  expectations: Expectation[];
  /** Executions of the plan's state machine. */
  runs: number;
  /** Rounds of the stability watch that passed, and how many there are. */
  watched: { passed: number; of: number };
  /** Where everything about it lies. */
  folder: string;
}

/** Machine milliseconds at the least after which a run that has not ended is a failed drill. */
const RUN_LONGEST = 240_000;
/** The same in sandbox time, for a clock slower than usual. */
const RUN_LONGEST_SANDBOX = 4 * 3_600_000;

/** Runs one drill and shows it. Resolves to what it found; throws when it could not be carried out. */
export async function drill(options: DrillOptions): Promise<DrillResult> {
  const { scenario, signal } = options;
  const begun = Date.now();
  const plan = loadPlanOrThrow(options.planFile);
  const cdkOut = mkdtempSync(join(tmpdir(), "watchdog-cdk-"));
  const pace = options.speed === undefined ? await machinePace() : undefined;
  const speed = options.speed ?? pace!.speed;
  const sandbox = await createSandbox({ speed });
  const calls = recordCalls(sandbox.world);
  const log: WorldLog[] = [];
  sandbox.world.onLog((line) => log.push(line));
  const out = printer(options.json ? process.stderr : process.stdout, () => sandbox.world.clock.now());
  const stopped = new Promise<never>((_, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
  });
  stopped.catch(() => undefined); // raced below; an abort in between is seen by the next race
  const orStopped = <Value>(work: Promise<Value>) => Promise.race([work, stopped]);

  try {
    mustBeKnown(sandbox.world, options.breaks ?? []);
    out.plain(`Drill of ${options.planFile}: ${scenario.summary}`);
    out.plain(`No AWS account is used. ${paceLine(speed, pace)}`);
    out.plain();

    const [running, stack] = await orStopped(
      Promise.all([
        scenario.prepare(sandbox, {
          seed: options.seed,
          say: (line) => out.line("service", line),
          level: options.level,
        }),
        synthesize([options.planFile], cdkOut, { rules: false }),
      ]),
    );
    // Alarms that take silence for trouble must find a service that already reports.
    await orStopped(running.warmUp());
    const { requestsPerSecond, errorRate } = running.figures();
    out.line(
      "service",
      `${running.url} is steady: ${requestsPerSecond.toFixed(0)} requests/s, ${errorRate?.toFixed(1)} % errors`,
    );
    const { name, templateFile, summary } = stack.stacks[0]!;
    const deployed = await orStopped(sandbox.deploy(cdkOut, name));
    await orStopped(running.announceVersion());
    out.line("deployed", `${name}: ${summary}`);
    const confirmed = await orStopped(
      confirmSubscriptions(sandbox, subscribers(plan).size + (plan.approval?.approvers.length ?? 0)),
    );
    out.line("mail", `${confirmed.join(", ")} confirmed the subscription`);
    const live = showLive(sandbox, out, plan.service);
    const alarmNames = alarmTriggers(plan).map(({ id }) => alarmName(plan, id));
    await orStopped(until("the plan's alarms to be quiet", () => alarmsAreQuiet(sandbox, alarmNames)));

    const harmed = breakCalls(sandbox.world, options.breaks ?? []);
    for (const { break: each } of harmed) out.line("broken", `${each.text}: ${BREAKS[each.kind]}`, "bad");
    const releaseAt = sandbox.world.clock.now();
    out.startClock(releaseAt);
    out.plain();
    for (const line of await orStopped(running.release())) out.line("broken", line, "bad");
    const ticker = showErrorRate(out, running.figures);
    let run: EndedRun | undefined;
    let stateMachineArn = "";
    let history: Awaited<ReturnType<typeof executionHistory>> = [];
    try {
      await orStopped(until("an alarm to start a run", () => live.executions.length > 0));
      const executionArn = live.executions[0]!;
      const states = new SFNClient(sandbox.clientConfig());
      let status = "RUNNING";
      let output: string | undefined;
      const ended = until(
        "the run to end",
        async () => {
          const answer = await states.send(new DescribeExecutionCommand({ executionArn }));
          status = answer.status ?? status;
          output = answer.output;
          stateMachineArn = answer.stateMachineArn ?? "";
          return status !== "RUNNING";
        },
        Math.max(RUN_LONGEST, RUN_LONGEST_SANDBOX / speed),
      );
      await orStopped(ended);
      history = await executionHistory(sandbox, executionArn);
      const { executions = [] } = await states.send(new ListExecutionsCommand({ stateMachineArn }));
      run = {
        executionArn,
        status,
        output: output === undefined ? undefined : JSON.parse(output),
        changes: (variable(history, "changes") ?? {}) as EndedRun["changes"],
        executions: executions.length,
        enteredAt: (state) => stateTimes(history, state).entered,
      };
    } finally {
      clearInterval(ticker);
    }

    const broken = violations(await gather(sandbox, plan, { ...run, stateMachineArn }, calls));
    const well = run.status === "SUCCEEDED" || harmed.length === 0;
    const acted = history.some(({ stateEnteredEventDetails: state }) => state?.name?.startsWith("Apply "));
    const expectations = [
      ...breaksMet(harmed),
      ...(await orStopped(
        well
          ? running.expectations(run)
          : Promise.all([
              failedLoudly(sandbox, plan.service, run, acted),
              running.nothingLost?.() ?? [],
            ]).then((found) => found.flat()),
      )),
      {
        text: "what must always hold, held",
        held: broken.length === 0,
        detail:
          broken.join("; ") || `${invariants.length} invariants, ${calls.length} calls of the stack's roles`,
      },
    ];
    // The plan's own alarms: those of the watchdog itself ring for other things.
    const started = log.find(
      (line) =>
        line.source === "alarm" &&
        line["state"] === "ALARM" &&
        alarmNames.some((name) => line["alarm"] === name),
    );
    const alarmAt = (started?.at as number | undefined) ?? history[0]?.timestamp?.getTime();
    const rows = figures(plan, history, releaseAt, alarmAt);
    const held = expectations.every((each) => each.held);

    out.plain();
    out.plain("Expected, and found:");
    for (const each of expectations)
      out.plain(`  ${each.held ? "yes" : "NO "}  ${each.text} (${each.detail})`);
    out.plain();
    out.plain("Times on the drill's clock:");
    for (const line of figureLines(rows)) out.plain(line);
    out.plain();
    const folder = drillFolder(join(options.outputBase, "drills"), plan.service, new Date());
    await writeFolder({
      folder,
      sandbox,
      template: templateFile,
      history,
      log,
      reportsBucket: deployed.outputs["ReportsBucket"],
      from: releaseAt,
      to: sandbox.world.clock.now(),
      namespace: plan.triggers.find(isMetric)!.metric.namespace,
      summary: {
        plan: plan.service,
        held,
        expectations,
        figures: rows,
        seed: options.seed,
        speed,
      },
    });
    const watched = { passed: roundsPassed(history), of: watchRounds(plan).rounds };
    const result = {
      plan: plan.service,
      held,
      folder,
      expectations,
      figures: rows,
      runs: run.executions,
      watched,
    };
    if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    const files = readdirSync(folder);
    out.plain(`${folder}: ${files.join(", ")}`);
    out.plain(
      `${held ? "The drill held." : "THE DRILL DID NOT HOLD."} ${((Date.now() - begun) / 1000).toFixed(0)} s on this machine.`,
    );
    live.close();
    return result;
  } catch (error) {
    if (!signal.aborted) for (const { source, message } of log.slice(-15)) out.line(source, message, "quiet");
    throw error;
  } finally {
    await sandbox.stop();
    if (existsSync(cdkOut)) rmSync(cdkOut, { recursive: true, force: true });
  }
}

/** Whether every alarm of the plan is in OK. */
export async function alarmsAreQuiet(sandbox: Sandbox, AlarmNames: string[]): Promise<boolean> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await new CloudWatchClient(sandbox.clientConfig()).send(
    new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }),
  );
  const alarms = [...MetricAlarms, ...CompositeAlarms];
  return alarms.length === AlarmNames.length && alarms.every(({ StateValue }) => StateValue === "OK");
}

/** A line whenever the service's error rate moved by more than five points. */
function showErrorRate(
  out: ReturnType<typeof printer>,
  read: () => { errorRate: number | undefined; requestsPerSecond: number },
): NodeJS.Timeout {
  let shown = 0;
  return setInterval(() => {
    const { errorRate, requestsPerSecond } = read();
    if (errorRate === undefined || Math.abs(errorRate - shown) <= 5) return;
    shown = errorRate;
    out.line(
      "service",
      `error rate ${errorRate.toFixed(0)} %, ${requestsPerSecond.toFixed(0)} requests/s`,
      errorRate > 5 ? "bad" : "good",
    );
  }, 250);
}
