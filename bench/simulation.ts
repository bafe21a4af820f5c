import { loadPlanOrThrow } from "../lib/plan/load.ts";
import { registries } from "../lib/plan/registries.ts";
import type { Machine } from "../lib/workflow/asl.ts";
import { compileWorkflow } from "../lib/workflow/compile.ts";
import { runExecution } from "../sandbox/states/run.ts";
import { virtualClock } from "../sandbox/virtual-clock.ts";
import { type BenchResult, median } from "./result.ts";

const REPETITIONS = 5;
/** Seconds of plan time that a second on this machine must be worth. */
const BAR = 10_000;
const PLAN = "plans/llm-research-lab.yaml";

/** Functions by the last part of their names, as the compiled tasks call them. */
const named = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}:1`;
const all = (kinds: object, value: (kind: string) => unknown) =>
  Object.fromEntries(Object.keys(kinds).map((kind) => [kind, value(kind)]));

const RUN = { id: "bench", service: "bench", startedAt: "", generation: 1, dryRun: false, plan: "" };

/** What well-behaved functions answer at once. */
function answered(name: string, payload: { verb?: string; check?: { id: string } }): unknown {
  if (name === "admit") return { admitted: true, outcome: "admitted", reason: "", run: RUN };
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

/** Plays a machine on the sandbox's interpreter and the virtual clock: seconds of plan time, seconds here. */
async function played(machine: Machine): Promise<{ plan: number; wall: number; events: number }> {
  const clock = virtualClock();
  const began = clock.now();
  const begun = performance.now();
  const { status, error, cause, history } = await runExecution({
    machine: structuredClone(machine) as never,
    input: {},
    clock,
    context: {
      Execution: { Id: "bench", Name: "bench", Input: {}, StartTime: new Date(began).toISOString() },
      StateMachine: { Id: "bench", Name: "bench" },
    },
    newToken: () => "none",
    task: async ({ arguments: given }) => {
      const { FunctionName, Payload } = given as { FunctionName?: string; Payload: object };
      // The start of another machine, which this bench does not play.
      if (FunctionName === undefined) return {};
      return { StatusCode: 200, Payload: answered(FunctionName.split(":").at(-2)!, Payload) };
    },
  });
  if (status !== "SUCCEEDED") throw new Error(`the simulation's bench failed: ${error} ${cause}`);
  return {
    plan: (clock.now() - began) / 1000,
    wall: (performance.now() - begun) / 1000,
    events: history.events.length,
  };
}

/** A rollback with its watch of 30 minutes, interpreted as fast as it goes. */
export async function simulationBench(): Promise<BenchResult[]> {
  const plan = loadPlanOrThrow(PLAN);
  const handlers = ["admit", "decide", "announce", "report", "release", "recall", "approval"];
  const { definition } = compileWorkflow(plan, registries, {
    handlers: Object.fromEntries(handlers.map((name) => [name, named(name)])) as never,
    actions: all(registries.actions, (kind) => ({
      read: named(`${kind}-read`),
      write: named(`${kind}-write`),
    })) as never,
    checks: all(registries.checks, named) as never,
    escalation: "arn:aws:states:us-east-1:123456789012:stateMachine:bench-escalation",
  });
  await played(definition);
  const times: number[] = [];
  let last = { plan: 0, wall: 0, events: 0 };
  for (let each = 0; each < REPETITIONS; each += 1) {
    last = await played(definition);
    times.push(last.plan / last.wall);
  }
  const rate = median(times);
  return [
    {
      name: "simulation: plan seconds / wall seconds",
      a: rate,
      b: 1,
      ratio: rate,
      bar: BAR,
      holds: rate >= BAR,
      unit: "s/s",
      note: `${last.plan.toFixed(0)} s of a rollback with its watch, ${last.events} history events; more is better`,
    },
  ];
}
