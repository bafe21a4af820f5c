import { request } from "node:http";
import type { World } from "../../world.ts";
import { inUse, type Target, type TargetGroup, targetGroups } from "./state.ts";

/** What a target is when it was just registered. */
export const REGISTERED = {
  State: "initial",
  Reason: "Elb.RegistrationInProgress",
  Description: "Target registration is in progress",
} as const;

/** Checks the targets of a group at its interval for as long as the group exists. */
export function startHealthChecks(world: World, group: TargetGroup): void {
  const cancel = world.clock.every(group.intervalSeconds * 1000, () => {
    if (targetGroups(world).get(group.arn) !== group) return cancel();
    if (!inUse(world, group)) return;
    for (const target of group.targets.values()) void check(world, group, target);
  });
  world.onStop(cancel);
}

async function check(world: World, group: TargetGroup, target: Target): Promise<void> {
  const wrong = await ask(world, group, target);
  target.streak = wrong ? Math.min(target.streak, 0) - 1 : Math.max(target.streak, 0) + 1;
  const first = target.health.State === "initial";
  // The first check of a new target decides at once; later it takes several in a row.
  if (!wrong && (first || target.streak >= group.healthyThreshold)) target.health = { State: "healthy" };
  else if (wrong && -target.streak >= group.unhealthyThreshold)
    target.health = { State: "unhealthy", Reason: wrong.reason, Description: wrong.text };
}

type Wrong = {
  reason: "Target.ResponseCodeMismatch" | "Target.Timeout" | "Target.FailedHealthChecks";
  text: string;
};

function ask(world: World, group: TargetGroup, target: Target): Promise<Wrong | undefined> {
  return new Promise((resolve) => {
    const sent = request(
      {
        host: target.id,
        port: target.port,
        path: group.path,
        agent: false,
        timeout: world.clock.workMilliseconds(group.timeoutSeconds),
        headers: { "user-agent": "ELB-HealthChecker/2.0" },
      },
      (answer) => {
        answer.resume();
        const status = answer.statusCode ?? 0;
        resolve(
          matches(group.matcher, status)
            ? undefined
            : {
                reason: "Target.ResponseCodeMismatch",
                text: `Health checks failed with these codes: [${status}]`,
              },
        );
      },
    );
    sent.on("timeout", () => {
      resolve({ reason: "Target.Timeout", text: "Request timed out" });
      sent.destroy();
    });
    sent.on("error", () => resolve({ reason: "Target.FailedHealthChecks", text: "Health checks failed" }));
    sent.end();
  });
}

/** `200`, `200,202` or `200-299`. */
function matches(matcher: string, status: number): boolean {
  return matcher.split(",").some((part) => {
    const [low = "", high = low] = part.split("-");
    return status >= Number(low) && status <= Number(high);
  });
}
