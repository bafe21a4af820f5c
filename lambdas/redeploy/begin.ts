import * as z from "zod";
import type { Context } from "../runtime/context.ts";
import { Version } from "../runtime/deployments.ts";
import { recordStart } from "../runtime/history.ts";
import { oneLine } from "../runtime/one-line.ts";
import type { RampAdmission, RampBeginEvent, RunContext } from "../runtime/protocol.ts";
import { beginRamp, readRamp } from "../runtime/ramp.ts";
import { otherRamp, whyNot } from "../runtime/ramp-refusal.ts";

/** What a person types, or the command line sends. */
const Input = z.object({
  version: Version,
  fixed: z.boolean().default(false),
  dryRun: z.boolean().default(false),
  reason: z.string().max(2000).transform(oneLine).default("started by hand"),
  by: z.string().max(200).transform(oneLine).optional(),
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
    dryRun: input.dryRun,
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
  if (!parsed.success)
    return {
      outcome: "refused",
      reason: `the execution's input does not fit: ${parsed.error.issues.map(({ path, message }) => `${path.join(".") || "input"}: ${message}`).join("; ")}; start it with {"version": "2.4.1"}`,
      run,
    };
  const against = await whyNot(tableName, service, { ...event, run: run.id, ...input }, now());
  if (input.dryRun) {
    // It reads and changes nothing, so nothing keeps it from saying what a ramp would do, and that it would be refused.
    await recordStart(tableName, run);
    return {
      outcome: "admitted",
      reason: against?.reason ?? `dry run of ${input.version}`,
      refused: against !== undefined,
      run,
    };
  }
  if (against) return { ...against, run };
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
  if (!began)
    return {
      outcome: "refused",
      reason:
        otherRamp(await readRamp(tableName, service), run.id, now()) ??
        "another ramp began in the same moment",
      run,
    };
  await recordStart(tableName, run);
  return { outcome: "admitted", reason: `ramp of ${input.version}`, run };
}
