import { DeploymentDetail, recordDeployment } from "../runtime/deployments.ts";
import { WatchdogError } from "../runtime/errors.ts";
import { serve } from "../runtime/serve.ts";

/** Records a deployment that a pipeline announced (EventBridge, source `watchdog.deployment`). The same one twice is one. */
export const handler = serve("deployment", async (event: { detail?: unknown }, { tableName }) => {
  const parsed = DeploymentDetail.safeParse(event.detail);
  if (!parsed.success)
    throw new WatchdogError(
      "BadInput",
      `A Deployment event does not fit: ${parsed.error.issues.map(({ path, message }) => `detail.${path.join(".")}: ${message}`).join("; ")}. Nothing was recorded.`,
    );
  if (parsed.data.service !== process.env["SERVICE"])
    return { recorded: false, because: `it is of ${parsed.data.service}` };
  await recordDeployment(tableName, parsed.data);
  return { recorded: true, because: `${parsed.data.version} at ${parsed.data.startedAt}` };
});
