import { paginateListHostedConfigurationVersions } from "@aws-sdk/client-appconfig";
import type * as z from "zod";
import {
  appconfig,
  deploymentsOf,
  overtook,
  ownDeployment,
  refuseOthers,
  start,
  stop,
} from "../../runtime/appconfig.ts";
import {
  described,
  effective,
  goingOn,
  type Known,
  ofProfile,
  takenBack,
} from "../../runtime/appconfig-deployments.ts";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { type StepContext, serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { digest } from "../../runtime/tokens.ts";
import { appconfigConfig } from "./spec.ts";
import { resolveTarget } from "./target.ts";

type Input = z.output<typeof appconfigConfig.input>;
type Before = z.output<typeof appconfigConfig.before>;
type Phase = "apply" | "revert";

const markOf = ({ run, step }: Pick<StepContext, "run" | "step">, phase: Phase) =>
  `rollback-watchdog ${digest(`${run.id}/${step.id}/${phase}`, 16)}`;

/** The deployment that this step began to bring the target there, or with `revert` to bring back what it had stopped. */
const begunBy = (input: Input, before: Before, context: StepContext, phase: Phase, deployments: Known[]) =>
  ownDeployment(input, deployments, {
    version: phase === "apply" ? before.target : before.version,
    mark: markOf(context, phase),
    after: before.deployment,
  });

async function hasVersion({ application, profile }: Input, wanted: number): Promise<boolean> {
  const place = { ApplicationId: application, ConfigurationProfileId: profile };
  for await (const { Items = [] } of paginateListHostedConfigurationVersions({ client: appconfig() }, place))
    if (Items.some(({ VersionNumber }) => VersionNumber === wanted)) return true;
  return false;
}

/** Refuses to go on when somebody deployed or took back the profile since preflight. */
function unchanged(input: Input, before: Before, deployments: Known[]): void {
  const newest = ofProfile(deployments, input.profile)[0];
  if (newest && newest.number > before.deployment) throw overtook(input, newest);
  const [served] = effective(deployments, input.profile);
  if (before.stops === null && served && served.version !== before.version) throw overtook(input, served);
}

const done = (version: string, note: string) => ({ done: true, note, outputs: { version } });

/** How far a deployment of this step is; one that was taken back is an error. */
function progress(input: Input, begun: Known) {
  if (takenBack(begun) || begun.State === "ROLLING_BACK")
    throw new WatchdogError(
      "WorkFailed",
      `${described(begun)}: AppConfig or somebody took it back. Look at the deployment's events and at the alarms of environment ${input.environment}.`,
    );
  return { ...done(begun.version, described(begun)), done: begun.PercentageComplete === 100 };
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input, { run }) {
    const deployments = await deploymentsOf(input);
    refuseOthers(input, deployments);
    if (typeof input.version === "number" && !(await hasVersion(input, input.version)))
      throw refusal(
        `Profile ${input.profile} has no version ${input.version}. Nothing was changed. Correct the plan.`,
      );
    const { evidence, ...before } = resolveTarget(input, deployments, input.version, run);
    const going = goingOn(deployments);
    return {
      before,
      after: { version: before.target },
      summary:
        before.stops === null && !before.deploys
          ? `configuration ${input.profile} is at version ${before.target} already`
          : `configuration ${input.profile}: version ${before.version} → ${before.target}`,
      evidence: [...evidence, ...(going ? [`${described(going)}: it is stopped`] : [])],
      expects: { version: before.target },
    };
  },

  async apply(input, { before }, context) {
    if (before.stops === null && !before.deploys)
      return done(before.target, `version ${before.target} is there already`);
    const deployments = await deploymentsOf(input);
    const begun = await begunBy(input, before, context, "apply", deployments);
    if (begun) return progress(input, begun);
    unchanged(input, before, deployments);
    const going = goingOn(deployments);
    if (going && going.number === before.stops && going.State !== "ROLLING_BACK")
      await stop(input, going.number);
    if (going) return { done: false, note: `waits for ${described(going)}` };
    if (!before.deploys) return done(before.target, `version ${before.target} is what everybody has`);
    await start(input, { version: before.target, mark: markOf(context, "apply"), over: deployments });
    return { done: false, note: `version ${before.target} is being deployed` };
  },

  async poll(input, { before }, context) {
    const { phase } = context;
    const deployments = await deploymentsOf(input);
    const begun = await begunBy(input, before, context, "apply", deployments);
    const back = phase === "revert" && (await begunBy(input, before, context, "revert", deployments));
    if (back) return progress(input, back);
    if (phase === "apply" && begun) return progress(input, begun);
    const going = goingOn(deployments);
    if (going) return { done: false, note: `waits for ${described(going)}` };
    if (phase === "apply" && !before.deploys)
      return done(before.target, `version ${before.target} is what everybody has`);
    if (phase === "revert" && before.stops === null && (!begun || takenBack(begun)))
      return done(before.version, `version ${before.version} is what everybody has`);
    return { done: false, note: "the environment is free", again: true };
  },

  async revert(input, { before }, context) {
    const deployments = await deploymentsOf(input);
    const back = await begunBy(input, before, context, "revert", deployments);
    if (back) return progress(input, back);
    const begun = await begunBy(input, before, context, "apply", deployments);
    const there = done(before.version, `version ${before.version} is what everybody has`);
    if (begun && !takenBack(begun)) {
      const newest = ofProfile(deployments, input.profile).find((each) => !takenBack(each));
      if (newest && newest.number > begun.number) throw overtook(input, newest);
      if (begun.State === "ROLLING_BACK" || (await stop(input, begun.number)))
        return { done: false, note: `deployment ${begun.number} is being taken back` };
      // AppConfig reverts it no more: what was there is deployed again.
      await start(input, { version: before.version, mark: markOf(context, "revert"), over: deployments });
      return { done: false, note: `version ${before.version} is being deployed again` };
    }
    if (!begun) unchanged(input, before, deployments);
    const stopped = ofProfile(deployments, input.profile).find(({ number }) => number === before.stops);
    if (!stopped || !(takenBack(stopped) || stopped.State === "ROLLING_BACK")) return there;
    if (goingOn(deployments)) return { done: false, note: `waits for ${described(stopped)}` };
    await start(input, { version: before.version, mark: markOf(context, "revert"), over: deployments });
    return {
      done: false,
      note: `version ${before.version}, which this run had stopped, is being deployed again`,
    };
  },
};

export const handler = serveAction(appconfigConfig, verbs);
