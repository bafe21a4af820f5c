import {
  ConflictException,
  CreateHostedConfigurationVersionCommand,
  GetHostedConfigurationVersionCommand,
  paginateListHostedConfigurationVersions,
} from "@aws-sdk/client-appconfig";
import type * as z from "zod";
import { appconfig, deploymentsOf, overtook, refuseOthers, start, stop } from "../../runtime/appconfig.ts";
import {
  described,
  effective,
  goingOn,
  type Known,
  ofProfile,
  own,
  takenBack,
} from "../../runtime/appconfig-deployments.ts";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { type StepContext, serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { digest } from "../../runtime/tokens.ts";
import { changedFlags } from "./flags.ts";
import { appconfigFlag } from "./spec.ts";

type Input = z.output<typeof appconfigFlag.input>;
type Before = z.output<typeof appconfigFlag.before>;

const profileIds = ({ application, profile }: Input) => ({
  ApplicationId: application,
  ConfigurationProfileId: profile,
});

/** Label of the version that a step makes: the same whenever it is called again. */
const labelOf = ({ run, step }: Pick<StepContext, "run" | "step">) =>
  `watchdog-${digest(`${run.id}/${step.id}`, 16)}`;

async function versions(input: Input, VersionLabel?: string): Promise<{ number: number }[]> {
  const found: { number: number }[] = [];
  const pages = paginateListHostedConfigurationVersions(
    { client: appconfig() },
    { ...profileIds(input), VersionLabel },
  );
  for await (const { Items = [] } of pages)
    found.push(...Items.map(({ VersionNumber = 0 }) => ({ number: VersionNumber })));
  return found;
}

/** The flags of one version, as they were put. */
async function flagsOf(input: Input, version: string): Promise<{ content: string; type: string }> {
  const { Content = new Uint8Array(), ContentType = "application/json" } = await appconfig().send(
    new GetHostedConfigurationVersionCommand({ ...profileIds(input), VersionNumber: Number(version) }),
  );
  return { content: new TextDecoder().decode(Content), type: ContentType };
}

/** This step's version; made over the latest that preflight saw, unless it is there already. */
async function ownVersion(input: Input, before: Before, label: string): Promise<number> {
  const [made] = await versions(input, label);
  if (made) return made.number;
  const { content, type } = await flagsOf(input, before.version);
  try {
    const { VersionNumber = 0 } = await appconfig().send(
      new CreateHostedConfigurationVersionCommand({
        ...profileIds(input),
        Content: new TextEncoder().encode(changedFlags(content, input).content),
        ContentType: type,
        LatestVersionNumber: before.latestVersion,
        VersionLabel: label,
        Description: `version ${before.version} with ${input.flag} changed by rollback-watchdog`,
      }),
    );
    return VersionNumber;
  } catch (error) {
    if (!(error instanceof ConflictException)) throw error;
    // The SDK called again after a lost reply: the first call made it.
    const [found] = await versions(input, label);
    if (found) return found.number;
    throw new WatchdogError(
      "ChangedSincePreflight",
      `Somebody made a version of profile ${input.profile} after version ${before.latestVersion}. It was left alone, and nothing was deployed. Start the run again.`,
      { cause: error },
    );
  }
}

/** This step's deployment, if it was begun. */
async function ownDeployment(input: Input, before: Before, label: string, deployments: Known[]) {
  const [made] = await versions(input, label);
  return made && own(deployments, input.profile, String(made.number), before.deployment)[0];
}

/** Refuses to go on when somebody deployed the profile since preflight. */
function unchanged(input: Input, before: Before, deployments: Known[]): void {
  const newest = ofProfile(deployments, input.profile)[0];
  if (newest && newest.number > before.deployment) throw overtook(input, newest);
  const [served] = effective(deployments, input.profile);
  // What this run stopped itself is another matter.
  if (before.stops === null && served && served.version !== before.version) throw overtook(input, served);
}

const done = ({ flag }: Input, note: string) => ({ done: true, note, outputs: { flag } });

export const verbs: Verbs<Input, Before> = {
  async preflight(input) {
    const deployments = await deploymentsOf(input);
    refuseOthers(input, deployments);
    const [served] = effective(deployments, input.profile);
    if (!served)
      throw refusal(
        `No version of profile ${input.profile} is deployed to environment ${input.environment}. Nothing was changed. Correct the plan.`,
      );
    const going = goingOn(deployments);
    const latest = (await versions(input)).map(({ number }) => number);
    const { lines } = changedFlags((await flagsOf(input, served.version)).content, input);
    // What goes on could bring the flag back, whatever it is in the version that everybody has.
    const changes = lines.length > 0 || going !== undefined;
    return {
      before: {
        version: served.version,
        latestVersion: Math.max(...latest),
        deployment: ofProfile(deployments, input.profile)[0]!.number,
        stops: going?.number ?? null,
        changes,
      },
      after: { flag: input.flag, changes: lines },
      summary: changes
        ? `flag ${input.flag} (version ${served.version}): ${lines.join(", ") || "as it is"}`
        : `flag ${input.flag} is as wanted already`,
      ...(going ? { evidence: [`${described(going)}: it is stopped first`] } : {}),
      expects: { flag: input.flag },
    };
  },

  async apply(input, { before }, context) {
    if (!before.changes) return done(input, `${input.flag} is as wanted already`);
    const label = labelOf(context);
    const deployments = await deploymentsOf(input);
    const begun = await ownDeployment(input, before, label, deployments);
    if (begun) return { done: false, note: described(begun) };
    unchanged(input, before, deployments);
    const going = goingOn(deployments);
    if (going && going.number === before.stops && going.State !== "ROLLING_BACK")
      await stop(input, going.number);
    // Of another profile: it came after preflight, and may be over soon.
    if (going) return { done: false, note: `waits for ${described(going)}` };
    const version = await ownVersion(input, before, label);
    await start(input, { version: String(version), mark: label, over: deployments });
    return { done: false, note: `version ${version} with ${input.flag} changed is being deployed` };
  },

  async poll(input, { before }, context) {
    const deployments = await deploymentsOf(input);
    const begun = await ownDeployment(input, before, labelOf(context), deployments);
    if (context.phase === "revert") {
      const over = !begun || takenBack(begun);
      return { ...done(input, begun ? described(begun) : "nothing was deployed"), done: over };
    }
    if (begun && (takenBack(begun) || begun.State === "ROLLING_BACK"))
      throw new WatchdogError(
        "WorkFailed",
        `${described(begun)}: AppConfig or somebody took it back. Everybody has the version from before. Look at the deployment's events and at the alarms of environment ${input.environment}.`,
      );
    if (begun) return { ...done(input, described(begun)), done: begun.PercentageComplete === 100 };
    const going = goingOn(deployments);
    return going
      ? { done: false, note: `waits for ${described(going)}` }
      : { done: false, note: "the environment is free", again: true };
  },

  async revert(input, { before }, context) {
    const deployments = await deploymentsOf(input);
    const begun = await ownDeployment(input, before, labelOf(context), deployments);
    if (!begun) {
      unchanged(input, before, deployments);
      return done(input, `nothing was deployed for ${input.flag}`);
    }
    if (takenBack(begun)) return done(input, described(begun));
    const newest = ofProfile(deployments, input.profile).find((each) => !takenBack(each));
    if (newest && newest.number > begun.number) throw overtook(input, newest);
    await stop(input, begun.number);
    return { done: false, note: `deployment ${begun.number} is being taken back` };
  },
};

export const handler = serveAction(appconfigFlag, verbs);
