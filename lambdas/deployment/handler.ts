import { DeploymentDetail, recordDeployment } from "../runtime/deployments.ts";
import { WatchdogError } from "../runtime/errors.ts";
import { replace } from "../runtime/ramp-wake.ts";
import { serve } from "../runtime/serve.ts";

/**
 * Records a deployment that a pipeline announced (EventBridge, source `watchdog.deployment`). The same one twice is one.
 * A ramp of another version that is on is over then.
 */
export const handler = serve("deployment", async (event: { detail?: unknown }, { tableName, now }) => {
  const parsed = DeploymentDetail.safeParse(event.detail);
  if (!parsed.success)
    throw new WatchdogError(
      "BadInput",
      `A Deployment event does not fit: ${parsed.error.issues.map(({ path, message }) => `detail.${path.join(".")}: ${message}`).join("; ")}. Nothing was recorded.`,
    );
  if (parsed.data.service !== process.env["SERVICE"])
    return { recorded: false, because: `it is of ${parsed.data.service}` };
  const { service, version, startedAt } = parsed.data;
  await recordDeployment(tableName, parsed.data);
  // A plan without a ramp has no such row, and pays for one look at it.
  const ramp = await replace(tableName, service, { version, startedAt }, now());
  return {
    recorded: true,
    because: `${version} at ${startedAt}${ramp ? `; the ramp ${ramp.run} of ${ramp.version} is over` : ""}`,
  };
});
