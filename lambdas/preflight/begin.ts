import { deployments, lastGood } from "../runtime/deployments.ts";
import { runsSince } from "../runtime/history.ts";
import { readLock } from "../runtime/lock.ts";
import type { RehearsalBegin, RehearsalBeginEvent, RunContext } from "../runtime/protocol.ts";

const DAY = 86_400_000;
const LOOK_BACK = 90 * DAY;
/** How long ago a deployment is taken to have begun when none is recorded: what RDS can restore trails by 5 minutes. */
const ASSUMED_AGE = 600_000;
/** Runs after which the plan's state may not be as it is most of the time. */
const UNDER_WAY = new Set(["claimed", "running"]);

/** The run that an alarm would begin now, without taking the lock; nothing while a real one is under way. */
export async function begin(event: RehearsalBeginEvent, table: string, now: number): Promise<RehearsalBegin> {
  const { service, execution, alarm } = event;
  const lock = await readLock(table, service);
  const deployed = await deployments(table, service, now - LOOK_BACK, now);
  const recorded = deployed.find(
    ({ startedAt }) => now - Date.parse(startedAt) <= event.deploymentWindowSeconds * 1000,
  );
  const at = new Date(now - ASSUMED_AGE).toISOString();
  const deployment = recorded ?? { version: "assumed", startedAt: at };
  const good = lastGood(deployed, deployment, await runsSince(table, service, now - LOOK_BACK), 0);
  const trigger: RunContext["trigger"] = alarm
    ? {
        type: "alarm",
        criterion: alarm.criterion,
        alarmName: alarm.name,
        alarmArn: alarm.name,
        since: at,
        reason: "assumed for the rehearsal",
      }
    : { type: "manual", by: "rehearsal" };
  return {
    run: {
      id: execution.name,
      service,
      startedAt: execution.startTime,
      // No lock ever has this generation: an apply with it is refused.
      generation: -1,
      dryRun: true,
      reason: "rehearsal of the preflights",
      trigger,
      deployment,
      ...(good ? { lastGood: { version: good.version, deployedAt: good.startedAt } } : {}),
      plan: event.plan,
    },
    assumed: [
      ...(recorded ? [] : [`a deployment that began at ${at}: none is recorded in the plan's window`]),
      ...(alarm ? [`an alarm of ${alarm.name} at ${at}`] : []),
    ],
    skipped:
      lock && UNDER_WAY.has(lock.state)
        ? `run ${lock.runId} is under way (${lock.state} since ${lock.since})`
        : "",
  };
}
