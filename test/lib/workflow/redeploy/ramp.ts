import { compileHold, type HoldInput } from "../../../../lib/workflow/redeploy/hold.ts";
import { compileRedeploy } from "../../../../lib/workflow/redeploy/machine.ts";
import { StateFailure } from "../../../../sandbox/states/failure.ts";
import { runExecution } from "../../../../sandbox/states/run.ts";
import { virtualClock } from "../../../../sandbox/virtual-clock.ts";
import { type PlanInput, smallPlan } from "../plans.ts";
import { type Answer, type Call, type Played, play, run } from "../play.ts";
import { bindings, registries } from "../registries.ts";

/** Staging without changes, then a tenth, then everybody with two changes. */
export const RAMP: NonNullable<PlanInput["redeploy"]> = {
  every: "10m",
  progress: "24h",
  settle: "10m",
  tolerate: 1,
  steps: [
    { name: "staging", hold: "24h", checks: [{ id: "staging-well", check: "probe" }] },
    { name: "10 %", hold: "48h", steps: [{ id: "tenth", action: "point" }] },
    {
      name: "100 %",
      hold: "12h",
      every: "1h",
      steps: [
        { id: "all", action: "point" },
        { id: "retries", action: "point" },
      ],
    },
  ],
};

export const rampPlan = (change: (plan: PlanInput) => void = () => undefined) =>
  smallPlan((plan) => {
    plan.redeploy = structuredClone(RAMP);
    change(plan);
  });

export const rampRun = { ...run, redeploys: "2.4.1" };

/** What the function `redeploy` says when nothing is in the way. */
export function admitting({ fn, payload }: Call): unknown {
  if (fn === "redeploy")
    return payload.verb === "begin" || payload.verb === "enter"
      ? { outcome: "admitted", reason: "nobody else", run: rampRun }
      : payload.verb === "end"
        ? { ended: true, note: "" }
        : { note: "" };
  if (fn === "shop-redeploy-hold") return { Output: { held: true, error: "", cause: "", checks: [] } };
  return undefined;
}

/** Plays a plan's ramp with made-up functions; its holds are answered by `answer`, and hold unless it says otherwise. */
export const climbed = (
  answer: Answer = () => undefined,
  plan = rampPlan(),
  kinds = registries,
): Promise<Played> =>
  play(compileRedeploy(plan, bindings, kinds), (call, calls, now) => {
    const own = answer(call, calls, now);
    return own === undefined ? admitting(call) : own;
  });

/** Says of the hold of one step that it did not hold. */
export const breaksAt =
  (step: string, error: string, cause = "that is why"): Answer =>
  ({ fn, payload }) =>
    fn === "shop-redeploy-hold" && payload["name"] !== undefined && holdOf(payload).name === step
      ? { Output: { held: false, error, cause, checks: [] } }
      : undefined;

/** `play` puts the execution's name over the input's. */
const holdOf = (payload: object) => ({ name: RAMP.steps[(payload as HoldInput).step]!.name });

/** Plays one execution of the hold's machine on the virtual clock; `woken`: seconds after which its token is failed. */
export async function held(
  input: Partial<HoldInput>,
  answer: (call: { fn: string; verb: string; check: string | undefined }, count: number) => unknown = () =>
    undefined,
  woken?: { after: number; error: string },
  plan = rampPlan(),
) {
  const clock = virtualClock();
  const began = clock.now();
  let count = 0;
  const result = await runExecution({
    machine: structuredClone(compileHold(plan, bindings, registries)) as never,
    input: { run: rampRun, step: 1, name: "10 %", seconds: 86_400, everySeconds: 600, ...input },
    clock,
    context: {
      Execution: { Id: "arn", Name: "hold", Input: {}, StartTime: new Date(began).toISOString() },
      StateMachine: { Id: "arn", Name: "hold" },
    },
    newToken: () => "token",
    task: async ({ arguments: given, timeoutSeconds, resource, signal, events }) => {
      // As the service records them, since they are counted.
      events.add("TaskScheduled");
      events.add("TaskStarted");
      const { FunctionName, Payload } = given as {
        FunctionName: string;
        Payload: { verb: string; check?: { id: string } };
      };
      const fn = FunctionName.split(":").at(-2)!;
      count += 1;
      const own = answer({ fn, verb: Payload.verb, check: Payload.check?.id }, count);
      events.add(resource.endsWith(".waitForTaskToken") ? "TaskSubmitted" : "TaskSucceeded");
      if (own !== undefined) return { StatusCode: 200, Payload: own };
      if (!resource.endsWith(".waitForTaskToken"))
        return {
          StatusCode: 200,
          Payload: { check: Payload.check!.id, verdict: "passed", limit: "", evidence: [], at: "now" },
        };
      return new Promise((_, reject) => {
        const end = (seconds: number, error: string) =>
          clock.after(seconds * 1000, () => {
            events.add("TaskFailed");
            reject(new StateFailure(error, "woken"));
          });
        const cancel = woken ? end(woken.after, woken.error) : end(timeoutSeconds!, "States.Timeout");
        signal.addEventListener("abort", () => {
          cancel();
          reject(signal.reason);
        });
      });
    },
  });
  return { ...result, seconds: (clock.now() - began) / 1000, events: result.history.events.length };
}

/** How the function `redeploy` was told that a ramp is over. */
export const ended = ({ calls }: Played) =>
  calls
    .filter(({ fn, payload }) => fn === "redeploy" && payload.verb === "end")
    .map(({ payload }) => payload);
