import { loadPlanOrThrow } from "../lib/plan/load.ts";
import { registries } from "../lib/plan/registries.ts";
import { MOST_EVENTS } from "../lib/plan/visits.ts";
import type { Machine } from "../lib/workflow/asl.ts";
import { compileWorkflow } from "../lib/workflow/compile.ts";
import type { Bindings } from "../lib/workflow/context.ts";
import { compileHold } from "../lib/workflow/redeploy/hold.ts";
import { compileRedeploy } from "../lib/workflow/redeploy/machine.ts";
import type { Clock } from "../sandbox/clock.ts";
import { StateFailure } from "../sandbox/states/failure.ts";
import { runExecution } from "../sandbox/states/run.ts";
import { virtualClock } from "../sandbox/virtual-clock.ts";
import { type BenchResult, median } from "./result.ts";

const REPETITIONS = 3;
/** Seconds of plan time that a second on this machine must be worth. */
const BAR = 10_000;
const ROLLBACK = "plans/llm-research-lab.yaml";
const RAMP = "plans/ai-reliability.yaml";
/** Share of the history events that an execution may hold. */
const EVENTS_BAR = 0.5;

/** Functions by the last part of their names, as the compiled tasks call them. */
const named = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}:1`;
const all = (kinds: object, value: (kind: string) => unknown) =>
  Object.fromEntries(Object.keys(kinds).map((kind) => [kind, value(kind)]));

const RUN = { id: "bench", service: "bench", startedAt: "", generation: 1, dryRun: false, plan: "" };

const HANDLERS = ["admit", "decide", "announce", "report", "release", "recall", "approval", "redeploy"];
const bindings = {
  handlers: Object.fromEntries(HANDLERS.map((name) => [name, named(name)])),
  actions: all(registries.actions, (kind) => ({
    read: named(`${kind}-read`),
    write: named(`${kind}-write`),
  })),
  checks: all(registries.checks, named),
  escalation: "arn:aws:states:us-east-1:123456789012:stateMachine:bench-escalation",
  hold: "arn:aws:states:us-east-1:123456789012:stateMachine:bench-hold",
} as never as Bindings;

/** What well-behaved functions answer at once. */
function answered(name: string, payload: { verb?: string; check?: { id: string } }): unknown {
  if (name === "admit") return { admitted: true, outcome: "admitted", reason: "", run: RUN };
  if (name === "redeploy")
    return { outcome: "admitted", reason: "", run: { ...RUN, redeploys: "2.4.1" }, ended: true, note: "" };
  if (name === "decide")
    return { decision: "rollback", level: "full", rule: "bench", because: "", inputs: {} };
  if (payload.verb === "measure")
    return { check: payload.check!.id, verdict: "passed", limit: "", evidence: [], at: "" };
  if (payload.verb === "preflight")
    return {
      change: { before: {}, after: {}, summary: "", expects: { endpoint: { address: "a", port: 1 } } },
    };
  return { done: true, note: "", released: true, sent: true, bucket: "", key: "" };
}

/** What playing took: seconds of plan time, seconds here, history events of the longest execution and of all. */
interface Played {
  plan: number;
  wall: number;
  longest: number;
  events: number;
  executions: number;
}

/** Plays a machine on the sandbox's interpreter and the virtual clock; `hold` is the machine it may start and wait for. */
async function played(machine: Machine, hold?: Machine): Promise<Played> {
  const clock = virtualClock();
  const began = clock.now();
  const begun = performance.now();
  const events: number[] = [];
  const run = async (of: Machine, input: object): Promise<unknown> => {
    const { status, error, cause, history, output } = await runExecution({
      machine: structuredClone(of) as never,
      input,
      clock,
      context: {
        Execution: { Id: "bench", Name: "bench", Input: {}, StartTime: new Date(clock.now()).toISOString() },
        StateMachine: { Id: "bench", Name: "bench" },
      },
      newToken: () => "none",
      // Recorded as the service does, since the events are counted.
      task: async ({ arguments: given, resource, timeoutSeconds, signal, events: recorded }) => {
        recorded.add("TaskScheduled");
        recorded.add("TaskStarted");
        const { FunctionName, Payload, Input } = given as {
          FunctionName?: string;
          Payload: object;
          Input: object;
        };
        if (resource.endsWith(".waitForTaskToken")) {
          recorded.add("TaskSubmitted");
          await silence(clock, timeoutSeconds!, signal);
          recorded.add("TaskTimedOut");
          throw new StateFailure("States.Timeout");
        }
        const waits = resource.endsWith(".sync:2") && hold;
        if (waits) recorded.add("TaskSubmitted");
        // The start of another machine that is not waited for is not played.
        const result = FunctionName
          ? { StatusCode: 200, Payload: answered(FunctionName.split(":").at(-2)!, Payload) }
          : waits
            ? { Output: await run(waits, Input) }
            : {};
        recorded.add("TaskSucceeded");
        return result;
      },
    });
    if (status !== "SUCCEEDED") throw new Error(`the simulation's bench failed: ${error} ${cause}`);
    events.push(history.events.length);
    return output;
  };
  await run(machine, {});
  return {
    plan: (clock.now() - began) / 1000,
    wall: (performance.now() - begun) / 1000,
    longest: Math.max(...events),
    events: events.reduce((sum, each) => sum + each, 0),
    executions: events.length,
  };
}

/** A task that nobody wakes: its time passes. */
const silence = (clock: Clock, seconds: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const cancel = clock.after(seconds * 1000, resolve);
    signal.addEventListener("abort", () => {
      cancel();
      reject(signal.reason);
    });
  });

/** A rollback with its watch of 30 minutes, and the ramp of a week that follows it, interpreted as fast as they go. */
export async function simulationBench(): Promise<BenchResult[]> {
  const rollback = compileWorkflow(loadPlanOrThrow(ROLLBACK), registries, bindings).definition;
  const plan = loadPlanOrThrow(RAMP);
  const redeploy = compileRedeploy(plan, bindings, registries);
  const hold = compileHold(plan, bindings, registries);
  await played(rollback);
  const rates: number[] = [];
  const alone: number[] = [];
  let watch = await played(rollback);
  let ramp = await played(redeploy, hold);
  for (let each = 0; each < REPETITIONS; each += 1) {
    watch = await played(rollback);
    ramp = await played(redeploy, hold);
    alone.push(watch.plan / watch.wall);
    rates.push((watch.plan + ramp.plan) / (watch.wall + ramp.wall));
  }
  const speed = (what: string, rate: number, note: string): BenchResult => ({
    name: `simulation: plan s / wall s, ${what}`,
    a: rate,
    b: 1,
    ratio: rate,
    bar: BAR,
    holds: rate >= BAR,
    unit: "s/s",
    note: `${note}; more is better`,
  });
  return [
    speed("watch", median(alone), `${watch.plan.toFixed(0)} s of a rollback, ${watch.events} history events`),
    speed("watch and ramp", median(rates), `then ${(ramp.plan / 86_400).toFixed(2)} days of a ramp`),
    {
      name: "simulation: history events, week's longest",
      a: ramp.longest,
      b: MOST_EVENTS,
      ratio: ramp.longest / MOST_EVENTS,
      bar: EVENTS_BAR,
      holds: ramp.longest / MOST_EVENTS <= EVENTS_BAR,
      unit: "events",
      note: `${ramp.events} in ${ramp.executions} executions`,
    },
  ];
}
