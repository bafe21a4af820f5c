import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { Sandbox } from "../sandbox/sandbox.ts";

/** A deployment as a pipeline announces it. */
export interface Announced {
  service: string;
  version: string;
  previousVersion: string;
  migration?: boolean;
  stable?: boolean;
}

/** What any pipeline sends when it begins to change production. `startedAt`: sandbox time, epoch milliseconds; now unless given. */
export async function announceDeployment(
  sandbox: Sandbox,
  deployment: Announced,
  startedAt = sandbox.world.clock.now(),
): Promise<void> {
  const Detail = JSON.stringify({ ...deployment, startedAt: new Date(startedAt).toISOString() });
  await new EventBridgeClient(sandbox.clientConfig()).send(
    new PutEventsCommand({
      Entries: [{ Source: "watchdog.deployment", DetailType: "Deployment", Detail }],
    }),
  );
}
