import { ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { stateTimes, variable } from "../../bin/drill/history.ts";
import { gather } from "../../bin/drill/invariants/gather.ts";
import { violations } from "../../bin/drill/invariants/invariants.ts";
import { recordCalls } from "../../bin/drill/invariants/record.ts";
import type { EndedRun, Expectation } from "../../scenarios/scenario.ts";
import { until } from "../../scenarios/until.ts";
import { type DrillBench, type EndedExecution, ended } from "./harness.ts";

/** One bad release, from the moment it comes to the end of the run that its alarm began. */
export interface Incident {
  run: EndedExecution;
  /** Executions of the plan's state machine. */
  executions: number;
  /** What of that which must always hold did not, in words. */
  broken: string[];
  /** The scenario's own, against the truth that it kept aside. */
  expectations: Expectation[];
}

/** Brings a bench's bad release and waits until its alarm's run has ended. */
export async function incident(bench: DrillBench): Promise<Incident> {
  const { sandbox, stateMachineArn } = bench;
  const calls = recordCalls(sandbox.world);
  await bench.running.release();
  const states = new SFNClient(sandbox.clientConfig());
  const list = async () =>
    (await states.send(new ListExecutionsCommand({ stateMachineArn }))).executions ?? [];
  await until("the alarm to start a run", async () => (await list()).length > 0);
  const run = await ended(sandbox, (await list())[0]!.executionArn!);
  const { executionArn, status, output, history } = run;
  const executions = (await list()).length;
  return {
    run,
    executions,
    broken: violations(await gather(sandbox, bench.plan, { executionArn, status, stateMachineArn }, calls)),
    expectations: await bench.running.expectations({
      executionArn,
      status,
      output,
      changes: (variable(history, "changes") ?? {}) as EndedRun["changes"],
      executions,
      enteredAt: (state) => stateTimes(history, state).entered,
    }),
  };
}
