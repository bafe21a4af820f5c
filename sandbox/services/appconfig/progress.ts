import type { DeploymentEvent, DeploymentState, EnvironmentState } from "@aws-sdk/client-appconfig";
import type { Deployment } from "./state.ts";

const MINUTE = 60_000;
/** Milliseconds that a rollback takes until it is everywhere. */
const ROLLING_BACK = 5_000;
const RUNNING: DeploymentState[] = ["VALIDATING", "DEPLOYING", "BAKING", "ROLLING_BACK"];

export interface Progress {
  state: DeploymentState;
  percentage: number;
  completedAt: number | undefined;
  /** Newest first. */
  events: DeploymentEvent[];
}

/** After how many milliseconds which share of the clients has the new version. */
function steps({ strategy }: Deployment): { after: number; percentage: number }[] {
  const { DeploymentDurationInMinutes: minutes, GrowthFactor: factor, GrowthType: type } = strategy;
  const shares: number[] = [];
  for (let number = 0, share = 0; share < 100; number += 1) {
    share = Math.min(100, type === "EXPONENTIAL" ? factor * 2 ** number : factor * (number + 1));
    shares.push(share);
  }
  if (minutes === 0) return [{ after: 0, percentage: 100 }];
  return shares.map((percentage, index) => ({
    after: (minutes * MINUTE * (index + 1)) / shares.length,
    percentage,
  }));
}

/** How far a deployment is. Pure: it moves with the clock and with nothing else. */
export function progressOf(deployment: Deployment, now: number): Progress {
  const { startedAt, stoppedAt, revertedAt, strategy } = deployment;
  const end = stoppedAt ?? now;
  const events: DeploymentEvent[] = [];
  const note = (EventType: DeploymentEvent["EventType"], at: number, Description: string, by = "APPCONFIG") =>
    events.unshift({
      EventType,
      TriggeredBy: by as DeploymentEvent["TriggeredBy"],
      Description,
      OccurredAt: new Date(at),
    });
  note("DEPLOYMENT_STARTED", startedAt, "Deployment started", "USER");
  let percentage = 0;
  for (const step of steps(deployment)) {
    if (startedAt + step.after > end) break;
    percentage = step.percentage;
    note(
      "PERCENTAGE_UPDATED",
      startedAt + step.after,
      `Configuration available to ${percentage.toFixed(2)}% of clients`,
    );
  }
  if (stoppedAt !== undefined) {
    note("ROLLBACK_STARTED", stoppedAt, "Rollback initiated by user request", "USER");
    const over = stoppedAt + ROLLING_BACK;
    if (now < over) return { state: "ROLLING_BACK", percentage, completedAt: undefined, events };
    note("ROLLBACK_COMPLETED", over, "Deployment rolled back");
    return { state: "ROLLED_BACK", percentage, completedAt: over, events };
  }
  if (percentage < 100) return { state: "DEPLOYING", percentage, completedAt: undefined, events };
  const deployed = startedAt + strategy.DeploymentDurationInMinutes * MINUTE;
  const completedAt = deployed + strategy.FinalBakeTimeInMinutes * MINUTE;
  if (strategy.FinalBakeTimeInMinutes > 0) note("BAKE_TIME_STARTED", deployed, "Bake time started");
  if (now < completedAt) return { state: "BAKING", percentage, completedAt: undefined, events };
  note("DEPLOYMENT_COMPLETED", completedAt, "Deployment completed");
  if (revertedAt === undefined) return { state: "COMPLETE", percentage, completedAt, events };
  note("REVERT_COMPLETED", revertedAt, "Deployment reverted by user request", "USER");
  return { state: "REVERTED", percentage, completedAt: revertedAt, events };
}

export const isRunning = (deployment: Deployment, now: number): boolean =>
  RUNNING.includes(progressOf(deployment, now).state);

/**
 * The deployments that clients of one profile may have now, newest first: what goes on, and the last that neither was
 * rolled back nor reverted. Pure.
 */
export function serving(
  deployments: Deployment[],
  profileId: string,
  now: number,
): { version: number; percentage: number }[] {
  const found: { version: number; percentage: number }[] = [];
  for (const deployment of deployments.filter((each) => each.profileId === profileId).toReversed()) {
    const { state, percentage } = progressOf(deployment, now);
    if (state === "ROLLED_BACK" || state === "REVERTED" || state === "ROLLING_BACK") continue;
    found.push({ version: deployment.version, percentage });
    if (percentage === 100) break;
  }
  return found;
}

/** State of an environment, from its newest deployment. Pure. */
export function environmentState(deployments: Deployment[], now: number): EnvironmentState {
  const newest = deployments.at(-1);
  const state = newest && progressOf(newest, now).state;
  if (state === "ROLLING_BACK" || state === "ROLLED_BACK" || state === "REVERTED") return state;
  return state === undefined || state === "COMPLETE" ? "READY_FOR_DEPLOYMENT" : "DEPLOYING";
}
