import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { stateTimes, variable } from "../../bin/drill/history.ts";
import { gather } from "../../bin/drill/invariants/gather.ts";
import { violations } from "../../bin/drill/invariants/invariants.ts";
import { recordCalls } from "../../bin/drill/invariants/record.ts";
import type { EndedRun, Expectation, RunningScenario } from "../../scenarios/scenario.ts";
import { until } from "../../scenarios/until.ts";
import { type DrillBench, type EndedExecution, ended } from "./harness.ts";

/** Machine milliseconds for a deployment and its whole incident, on the slowest clock that a drill has. */
export const WHOLE_INCIDENT = 600_000;

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

/** Brings a bad release, the bench's own unless another is given, and waits until its alarm's run has ended. */
export async function incident(
  bench: DrillBench,
  running: RunningScenario = bench.running,
): Promise<Incident> {
  const { sandbox, stateMachineArn } = bench;
  const calls = recordCalls(sandbox.world);
  const states = new SFNClient(sandbox.clientConfig());
  const list = async () =>
    (await states.send(new ListExecutionsCommand({ stateMachineArn }))).executions ?? [];
  const earlier = (await list()).length;
  const log: string[] = [];
  sandbox.world.onLog(({ source, message }) => log.push(`${source}: ${message}`));
  await running.release();
  await until("the alarm to start a run", async () => (await list()).length > earlier).catch(
    async (error: Error) => {
      const { MetricAlarms = [], CompositeAlarms = [] } = await new CloudWatchClient(
        sandbox.clientConfig(),
      ).send(new DescribeAlarmsCommand({ AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }));
      const states = [...MetricAlarms, ...CompositeAlarms].map(
        ({ AlarmName, StateValue, StateReason }) => `${AlarmName} ${StateValue}: ${StateReason}`,
      );
      throw new Error(
        `${error.message}. ${earlier} run(s) before the release. Alarms:\n${states.join("\n")}\nLog:\n${log.slice(-60).join("\n")}`,
        { cause: error },
      );
    },
  );
  const own = (await list()).slice(0, -earlier || undefined);
  const run = await ended(sandbox, own.at(-1)!.executionArn!);
  const { executionArn, status, output, history } = run;
  const executions = (await list()).length - earlier;
  return {
    run,
    executions,
    broken: violations(await gather(sandbox, bench.plan, { executionArn, status, stateMachineArn }, calls)),
    expectations: await running.expectations({
      executionArn,
      status,
      output,
      changes: (variable(history, "changes") ?? {}) as EndedRun["changes"],
      executions,
      enteredAt: (state) => stateTimes(history, state).entered,
    }),
  };
}
