import * as z from "zod";
import type { Context } from "../runtime/context.ts";
import { deployments, Version } from "../runtime/deployments.ts";
import { recordStart } from "../runtime/history.ts";
import { frozenUntil, mayTake, readLock } from "../runtime/lock.ts";
import type { RampAdmission, RampBeginEvent, RunContext } from "../runtime/protocol.ts";
import { beginRamp, isOn, readRamp } from "../runtime/ramp.ts";
import { forbidden } from "./budget.ts";

/** How far back deployments are read for what was rolled back from. */
const LOOK_BACK = 90 * 86_400_000;

/** What a person types, or the command line sends. */
const Input = z.object({
  version: Version,
  fixed: z.boolean().default(false),
  reason: z.string().max(2000).default("started by hand"),
  by: z.string().max(200).optional(),
  identity: z.string().max(2048).optional(),
});

/** Lets a ramp begin: nothing else goes on, nobody froze the service, and the version is not known to be bad. */
export async function begin(event: RampBeginEvent, { tableName, now }: Context): Promise<RampAdmission> {
  const parsed = Input.safeParse(event.input ?? {});
  const input = parsed.success ? parsed.data : Input.parse({ version: "unknown" });
  const { service, execution } = event;
  const run: RunContext = {
    id: execution.name,
    service,
    startedAt: execution.startTime,
    generation: 0,
    dryRun: false,
    reason: `redeploy of ${input.version}: ${input.reason}`,
    trigger: {
      type: "manual",
      by: input.by ?? "somebody",
      ...(input.identity ? { identity: input.identity } : {}),
    },
    deployment: { version: input.version, startedAt: execution.startTime },
    redeploys: input.version,
    plan: event.plan,
  };
  const not = (reason: string, outcome: RampAdmission["outcome"] = "refused"): RampAdmission => ({
    outcome,
    reason,
    run,
  });
  if (!parsed.success)
    return not(
      `the execution's input does not fit: ${parsed.error.issues.map(({ path, message }) => `${path.join(".") || "input"}: ${message}`).join("; ")}; start it with {"version": "2.4.1"}`,
    );
  if (event.observe) return not("the plan only observes, so nothing is changed");
  const freeze = await frozenUntil(tableName, service, now());
  if (freeze) return not(`${freeze.by} froze the automation of ${service} until ${freeze.until}`, "frozen");
  const lock = await readLock(tableName, service);
  if (lock?.state === "kept")
    return not(
      `run ${lock.runId} failed and kept the lock on ${service} (since ${lock.since}); a person must release it first`,
    );
  if (!mayTake(lock, run.id, "running", now()))
    return not(`run ${lock?.runId} is under way (${lock?.state} since ${lock?.since}); wait for its end`);
  const budget = await forbidden(tableName, service, event.budget, now());
  if (budget) return not(budget);
  const bad = await rolledBackFrom(tableName, service, input.version, now());
  if (bad && !input.fixed)
    return not(
      `run ${bad} rolled back from version ${input.version}; give the fixed version a name of its own, or say that this one is fixed: --fixed`,
    );
  const began = await beginRamp(
    tableName,
    service,
    {
      run: run.id,
      version: input.version,
      startedAt: run.startedAt,
      expiresAt: new Date(Date.parse(run.startedAt) + event.boundSeconds * 1000).toISOString(),
      executionArn: execution.id,
    },
    now(),
  );
  if (!began) {
    const other = await readRamp(tableName, service);
    return not(
      isOn(other, now())
        ? `ramp ${other.run} of version ${other.version} is on since ${other.startedAt}`
        : "another ramp began in the same moment",
    );
  }
  await recordStart(tableName, run);
  return { outcome: "admitted", reason: `ramp of ${input.version}`, run };
}

/** The run that rolled back from a version; undefined when none did. */
async function rolledBackFrom(
  table: string,
  service: string,
  version: string,
  now: number,
): Promise<string | undefined> {
  const known = await deployments(table, service, now - LOOK_BACK, now);
  return known
    .filter((each) => each.version === version)
    .map(({ rolledBackBy, takenBackBy }) => rolledBackBy ?? takenBackBy)
    .find(Boolean);
}
