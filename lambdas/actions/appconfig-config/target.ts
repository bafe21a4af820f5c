import { effective, goingOn, type Known, ofProfile } from "../../runtime/appconfig-deployments.ts";
import { refusal } from "../../runtime/errors.ts";
import type { RunContext } from "../../runtime/protocol.ts";

/** What preflight found: the shape of the step's `before`, and how the target was derived. */
export interface Found {
  version: string;
  target: string;
  deployment: number;
  stops: number | null;
  deploys: boolean;
  evidence: string[];
}

/** Which version comes back, and what that takes. Pure; deployments are newest first. */
export function resolveTarget(
  place: { environment: string; profile: string },
  deployments: Known[],
  wanted: "previous" | "before-deployment" | number,
  { deployment }: Pick<RunContext, "deployment">,
): Found {
  const mine = ofProfile(deployments, place.profile);
  const going = goingOn(mine);
  // What a deployment that goes on is stopped to: baking counts as there, and goes away with it.
  const had = effective(deployments, place.profile).filter(({ number }) => number !== going?.number);
  const now = going ?? had[0];
  if (!now)
    throw refusal(
      `Nothing of profile ${place.profile} is deployed to environment ${place.environment}. Nothing was changed. Correct the plan.`,
    );
  const afterStop = had[0]?.version;
  const { target, evidence } = chosen();
  const served = going ? afterStop : now.version;
  return {
    version: now.version,
    target,
    deployment: mine[0]!.number,
    stops: going?.number ?? null,
    deploys: served !== target,
    evidence,
  };

  function chosen(): { target: string; evidence: string[] } {
    if (typeof wanted === "number") return { target: String(wanted), evidence: [] };
    if (wanted === "previous") {
      const before = had.find(({ version }) => version !== now!.version);
      if (!before)
        throw refusal(
          `No other version of profile ${place.profile} was ever deployed to environment ${place.environment} than ${now!.version}. Nothing was changed. Name a version in the plan.`,
        );
      return {
        target: before.version,
        evidence: [`version ${before.version} came with deployment ${before.number}, before ${now!.number}`],
      };
    }
    const began = Date.parse(deployment?.startedAt ?? "");
    if (!deployment || Number.isNaN(began))
      throw refusal(
        "The plan brings back the configuration from before the deployment, and no deployment is recorded. Nothing was changed. Name a version instead.",
      );
    const before = had.find(({ StartedAt }) => Number(StartedAt) < began);
    if (!before)
      throw refusal(
        `Every deployment of profile ${place.profile} that is known began after deployment ${deployment.version} (${deployment.startedAt}). Nothing was changed. Name a version in the plan.`,
      );
    return {
      target: before.version,
      evidence: [
        `version ${before.version} was there when ${deployment.version} began at ${deployment.startedAt}`,
      ],
    };
  }
}
