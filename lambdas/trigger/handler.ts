import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { clientSettings, once } from "../runtime/clients.ts";
import { handBack } from "../runtime/hand-back.ts";
import { comeBack, join } from "../runtime/joined.ts";
import { giveBackClaim, isOldClaim, readLock, takeLock } from "../runtime/lock.ts";
import { JOINED } from "../runtime/names.ts";
import type { RunContext } from "../runtime/protocol.ts";
import { serve } from "../runtime/serve.ts";
import { digest } from "../runtime/tokens.ts";
import { type AlarmTransition, alarmTransition } from "./alarm-event.ts";
import { type MatchedEvent, matchedEvent } from "./bus-event.ts";
import { isUnderWay, states } from "./executions.ts";
import { offeredToRamp } from "./ramp.ts";

const cloudwatch = once(() => new CloudWatchClient(clientSettings));

/** What became of an event, with the reason: the line that says why no run was started. */
export interface TriggerAnswer {
  started: boolean;
  because: string;
  run?: string;
}

/** What an event asks for, once it is believed. */
interface Request {
  run: string;
  /** What happened, in words: "shop-errors rang at …". */
  what: string;
  reason: string;
  trigger: RunContext["trigger"];
}

const ignored = (because: string): TriggerAnswer => ({ started: false, because });

/**
 * An alarm's transition or an event → one run. Two delivery paths, duplicates, any order, a day late: the run's id is
 * derived from the transition or the event, an alarm is read again, and the service's lock is taken before anything
 * is started (invariants 1 to 3).
 */
export const handler = serve(
  "trigger",
  async (delivered: unknown, { tableName, now }): Promise<TriggerAnswer> => {
    const service = process.env["SERVICE"]!;
    const age = Number(process.env["EVENT_AGE_SECONDS"] ?? 900) * 1000;
    const row = handedBackRow(delivered);
    // The bus keeps it so long, and then Lambda does.
    const back =
      row &&
      (await comeBack(tableName, service, row.row, { now: now(), longest: 2 * Math.max(age, 60_000) }));
    if (typeof back === "string") return ignored(back);
    const event = back ? back.event : delivered;
    const longest = back?.afterRamp ? Number.POSITIVE_INFINITY : age;
    const matched = matchedEvent(event);
    const asked = matched ? ofEvent(matched, now(), longest) : await ofAlarm(event, now(), longest);
    if (typeof asked === "string") return ignored(asked);

    const toRamp = await offeredToRamp(tableName, service, asked, event, now());
    if (toRamp) return ignored(toRamp);
    const already = ignored(`run ${asked.run} was started for this already: ${asked.what}`);
    const claim = async () => {
      const held = await readLock(tableName, service);
      // Where AWS is slow to run its first function, a run that is under way has an old claim: it is not taken from it.
      const other = held !== undefined && held.runId !== asked.run && isOldClaim(held, now());
      if (other && (await isRunning(held.runId))) return { taken: false, lock: held };
      return takeLock(tableName, service, asked.run, "claimed", now(), { lock: held });
    };
    let { taken, lock } = await claim();
    if (!taken) {
      if (lock.runId === asked.run) return already;
      await join(tableName, service, lock.runId, asked, event);
      // A run that ended between the two would have looked for what joined it too early.
      ({ taken, lock } = await claim());
      if (!taken)
        return ignored(
          `run ${lock.runId} holds the lock (${lock.state} since ${lock.since}); this was added to it: ${asked.what}`,
        );
    }
    try {
      await states().send(
        new StartExecutionCommand({
          stateMachineArn: process.env["STATE_MACHINE_ARN"],
          name: asked.run,
          input: JSON.stringify({ reason: asked.reason.slice(0, 1000), trigger: asked.trigger }),
        }),
      );
    } catch (error) {
      if ((error as Error).name !== "ExecutionAlreadyExists") throw error;
      // The same event once more. A run that has ended will not take up what was claimed for it just now.
      if (!(await isRunning(asked.run))) {
        await giveBackClaim(tableName, service, asked.run, now());
        await handBack(tableName, { id: asked.run, service }, now());
      }
      return already;
    }
    return { started: true, because: asked.what, run: asked.run };
  },
);

/** An event is evidence by itself, while it is fresh. A text says why it asks for nothing. */
function ofEvent(matched: MatchedEvent, now: number, longest: number): Request | string {
  const { criterion, id, source, detailType, at, reason } = matched;
  const known = JSON.parse(process.env["EVENTS"] ?? "[]") as string[];
  if (!known.includes(criterion)) return `${criterion} is no event trigger of this plan`;
  const age = now - Date.parse(at);
  if (age > longest) return `the event ${detailType} of ${at} is ${Math.round(age / 1000)} s old`;
  const what = `${detailType} from ${source} at ${at}`;
  return {
    run: `${criterion}-${digest(`${source} ${id}`, 12)}`,
    what,
    reason: reason ? `${what}: ${reason}` : what,
    trigger: { type: "event", criterion, source, detailType, at, ...(reason ? { reason } : {}) },
  };
}

/** An alarm is believed when it is one of the plan's and still in the transition that the event tells of. */
async function ofAlarm(event: unknown, now: number, longest: number): Promise<Request | string> {
  const criteria = JSON.parse(process.env["ALARMS"] ?? "{}") as Record<string, string>;
  const transition = alarmTransition(event);
  if (!transition) return "this is no alarm event";
  const { alarmName, alarmArn, state, at, reason } = transition;
  const criterion = criteria[alarmName];
  if (criterion === undefined) return `the alarm ${alarmName} is not one of this plan's`;
  if (state !== "ALARM") return `${alarmName} went to ${state}`;
  const age = now - Date.parse(at);
  if (age > longest) return `the transition of ${alarmName} at ${at} is ${Math.round(age / 1000)} s old`;
  const doubt = await doubted(transition);
  if (doubt) return doubt;
  return {
    run: `${criterion}-${digest(`${alarmArn} ${at}`, 12)}`,
    what: `${alarmName} is in ALARM since ${at}`,
    reason: `${alarmName}: ${reason}`,
    trigger: { type: "alarm", criterion, alarmName, alarmArn, since: at, reason: reason.slice(0, 1000) },
  };
}

/** Why the alarm as it is now does not bear the event out; undefined when it does. */
async function doubted({ alarmName, at }: AlarmTransition): Promise<string | undefined> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await cloudwatch().send(
    new DescribeAlarmsCommand({ AlarmNames: [alarmName], AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }),
  );
  const alarm = [...MetricAlarms, ...CompositeAlarms][0];
  if (alarm?.StateValue !== "ALARM") return `${alarmName} is ${alarm?.StateValue ?? "gone"} by now`;
  const since = alarm.StateTransitionedTimestamp?.getTime() ?? 0;
  if (since - Date.parse(at) > 1_000)
    return `${alarmName} rang again at ${new Date(since).toISOString()}; this is an older transition`;
  return alarm.ActionsEnabled === false ? `the actions of ${alarmName} are switched off` : undefined;
}

/** Whether a run is under way; one that was claimed and never started is not. */
async function isRunning(run: string): Promise<boolean> {
  try {
    return await isUnderWay(
      `${process.env["STATE_MACHINE_ARN"]!.replace(":stateMachine:", ":execution:")}:${run}`,
    );
  } catch (error) {
    if ((error as Error).name === "ExecutionDoesNotExist") return false;
    throw error;
  }
}

/** Where an event is kept that comes back because the run it had joined ended without acting; undefined for any other. */
function handedBackRow(event: unknown): { row?: unknown } | undefined {
  const { source, detail } = (event ?? {}) as { source?: unknown; detail?: { row?: unknown } | null };
  return source === JOINED.source ? (detail ?? {}) : undefined;
}
