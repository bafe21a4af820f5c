import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { clientSettings, once } from "../runtime/clients.ts";
import { takeLock } from "../runtime/lock.ts";
import { serve } from "../runtime/serve.ts";
import { dynamodb, keys } from "../runtime/store.ts";
import { digest } from "../runtime/tokens.ts";
import { alarmTransition } from "./alarm-event.ts";

const cloudwatch = once(() => new CloudWatchClient(clientSettings));
const states = once(() => new SFNClient(clientSettings));

/** What became of an event, with the reason: the line that says why no run was started. */
export interface TriggerAnswer {
  started: boolean;
  because: string;
  run?: string;
}

const ignored = (because: string): TriggerAnswer => ({ started: false, because });

/**
 * An alarm's transition → one run. Two delivery paths, duplicates, any order, a day late: the run's id is derived
 * from the transition, the alarm is read again, and the service's lock is taken before anything is started
 * (invariants 1 to 3).
 */
export const handler = serve(
  "trigger",
  async (event: unknown, { tableName, now }): Promise<TriggerAnswer> => {
    const service = process.env["SERVICE"]!;
    const criteria = JSON.parse(process.env["ALARMS"] ?? "{}") as Record<string, string>;
    const longest = Number(process.env["EVENT_AGE_SECONDS"] ?? 900) * 1000;
    const transition = alarmTransition(event);
    if (!transition) return ignored("this is no alarm event");
    const criterion = criteria[transition.alarmName];
    if (criterion === undefined)
      return ignored(`the alarm ${transition.alarmName} is not one of this plan's`);
    if (transition.state !== "ALARM") return ignored(`${transition.alarmName} went to ${transition.state}`);
    const age = now() - Date.parse(transition.at);
    if (age > longest)
      return ignored(
        `the transition of ${transition.alarmName} at ${transition.at} is ${Math.round(age / 1000)} s old`,
      );

    const { MetricAlarms = [] } = await cloudwatch().send(
      new DescribeAlarmsCommand({ AlarmNames: [transition.alarmName] }),
    );
    const alarm = MetricAlarms[0];
    if (alarm?.StateValue !== "ALARM")
      return ignored(`${transition.alarmName} is ${alarm?.StateValue ?? "gone"} by now`);
    const since = alarm.StateTransitionedTimestamp?.getTime() ?? 0;
    if (since - Date.parse(transition.at) > 1_000)
      return ignored(
        `${transition.alarmName} rang again at ${new Date(since).toISOString()}; this is an older transition`,
      );
    if (alarm.ActionsEnabled === false)
      return ignored(`the actions of ${transition.alarmName} are switched off`);

    const run = `${criterion}-${digest(`${transition.alarmArn} ${transition.at}`, 12)}`;
    const { taken, lock } = await takeLock(tableName, service, run, "claimed", now());
    if (!taken) {
      await join(tableName, service, lock.runId, run, `${transition.alarmName} rang at ${transition.at}`);
      return ignored(
        `run ${lock.runId} holds the lock (${lock.state} since ${lock.since}); the alarm was added to it`,
      );
    }
    const input = {
      reason: `${transition.alarmName}: ${transition.reason}`.slice(0, 1000),
      trigger: {
        type: "alarm",
        criterion,
        alarmName: transition.alarmName,
        alarmArn: transition.alarmArn,
        since: transition.at,
        reason: transition.reason.slice(0, 1000),
      },
    };
    try {
      await states().send(
        new StartExecutionCommand({
          stateMachineArn: process.env["STATE_MACHINE_ARN"],
          name: run,
          input: JSON.stringify(input),
        }),
      );
    } catch (error) {
      // The same event once more: its run exists already, running or ended.
      if ((error as Error).name === "ExecutionAlreadyExists")
        return ignored(`run ${run} was started for this transition already`);
      throw error;
    }
    return { started: true, because: `${transition.alarmName} is in ALARM since ${transition.at}`, run };
  },
);

/** One line on the running run's timeline. */
async function join(
  table: string,
  service: string,
  runId: string,
  event: string,
  text: string,
): Promise<void> {
  await dynamodb().send(
    new PutItemCommand({
      TableName: table,
      Item: { pk: { S: keys.partition(service) }, sk: { S: keys.joined(runId, event) }, text: { S: text } },
    }),
  );
}
