import { notNow } from "../runtime/lock.ts";
import type { PracticeBegin, PracticeBeginEvent, RunContext } from "../runtime/protocol.ts";
import { startOf } from "./remember.ts";

/** How long ago a bad deployment is taken to have begun: what RDS can restore trails by 5 minutes. */
const ASSUMED_AGE = 600_000;

/** The run that a practice makes of itself, or why there is none now. Takes no lock. */
export async function begin(event: PracticeBeginEvent, table: string, now: number): Promise<PracticeBegin> {
  const { service, execution, alarm, plan } = event;
  const input = typeof event.input === "object" && event.input !== null ? event.input : {};
  const { by, clean } = input as { by?: unknown; clean?: unknown };
  const cleanOnly = typeof clean === "string" && clean !== "";
  const id = cleanOnly ? clean : execution.name;
  const earlier = cleanOnly ? await startOf(table, service, clean) : undefined;
  const since = new Date(now - ASSUMED_AGE).toISOString();
  const trigger: RunContext["trigger"] = alarm
    ? {
        type: "alarm",
        criterion: alarm.criterion,
        alarmName: alarm.name,
        alarmArn: alarm.name,
        since,
        reason: "assumed for the practice",
      }
    : { type: "manual", by: "practice" };
  return {
    run: {
      id,
      service,
      startedAt: earlier ?? execution.startTime,
      // No lock ever has this generation: only what is practised may be done with it.
      generation: -1,
      dryRun: false,
      practice: true,
      reason: cleanOnly
        ? `cleaning up after practice ${clean}`
        : `practice, asked for by ${typeof by === "string" && by !== "" ? by : "its schedule"}`,
      trigger,
      deployment: { version: "assumed", startedAt: since },
      plan,
    },
    assumed: cleanOnly
      ? []
      : [
          `a release that began to do damage at ${since}`,
          ...(alarm ? [`an alarm of ${alarm.name} at ${since}`] : []),
        ],
    // What was left behind is deleted whatever goes on.
    skipped: cleanOnly
      ? earlier === undefined
        ? `nothing is known of a practice ${clean}`
        : ""
      : ((await notNow(table, service, now)) ?? ""),
    cleanOnly,
  };
}
