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

/** Labels of the versions that a run makes, and of this step's own: the same whenever it is called again. */
const labelsOf = ({ run, step }: Pick<StepContext, "run" | "step">) => {
  const ofRun = `watchdog-${digest(run.id, 12)}-`;
  return { ofRun, own: `${ofRun}${digest(step.id, 8)}` };
};
type Labels = ReturnType<typeof labelsOf>;

/** A version of the profile, newest first. */
interface Version {
  number: number;
  label: string;
}

async function versions(input: Input): Promise<Version[]> {
  const found: Version[] = [];
  const pages = paginateListHostedConfigurationVersions({ client: appconfig() }, profileIds(input));
  for await (const { Items = [] } of pages)
    found.push(
      ...Items.map(({ VersionNumber = 0, VersionLabel = "" }) => ({
        number: VersionNumber,
        label: VersionLabel,
      })),
    );
  return found.toSorted((left, right) => right.number - left.number);
}

/** The flags of one version, as they were put. */
async function flagsOf(input: Input, version: string): Promise<{ content: string; type: string }> {
  const { Content = new Uint8Array(), ContentType = "application/json" } = await appconfig().send(
    new GetHostedConfigurationVersionCommand({ ...profileIds(input), VersionNumber: Number(version) }),
  );
  return { content: new TextDecoder().decode(Content), type: ContentType };
}

const ownOf = (all: Version[], { own: label }: Labels) => all.find((each) => each.label === label);

/** A version that a step of this same run made is no surprise: what it changed is kept, and built upon. */
const foreign = (all: Version[], { ofRun }: Labels, after: number) =>
  all.find(({ number, label }) => number > after && !label.startsWith(ofRun));

/** This step's version; made over the latest that preflight saw, or that an earlier step of this run made. */
async function ownVersion(input: Input, before: Before, labels: Labels): Promise<number> {
  const all = await versions(input);
  const made = ownOf(all, labels);
  if (made) return made.number;
  const stranger = foreign(all, labels, before.latestVersion);
  if (stranger) throw madeSince(input, stranger);
  const [newest] = all;
  const base = newest && newest.number > before.latestVersion ? String(newest.number) : before.version;
  const { content, type } = await flagsOf(input, base);
  try {
    const { VersionNumber = 0 } = await appconfig().send(
      new CreateHostedConfigurationVersionCommand({
        ...profileIds(input),
        Content: new TextEncoder().encode(changedFlags(content, input).content),
        ContentType: type,
        LatestVersionNumber: newest?.number ?? before.latestVersion,
        VersionLabel: labels.own,
        Description: `version ${base} with ${input.flag} changed by rollback-watchdog`,
      }),
    );
    return VersionNumber;
  } catch (error) {
    if (!(error instanceof ConflictException)) throw error;
    // The SDK called again after a lost reply, or a step beside this one was faster.
    const now = await versions(input);
    const found = ownOf(now, labels);
    if (found) return found.number;
    const other = foreign(now, labels, before.latestVersion);
    if (other) throw madeSince(input, other);
    throw new WatchdogError(
      "ServiceUnavailable",
      `Another step of this run is changing profile ${input.profile} at this moment. Nothing was done.`,
      { cause: error },
    );
  }
}

const madeSince = ({ profile }: Input, { number }: Version) =>
  new WatchdogError(
    "ChangedSincePreflight",
    `Somebody made version ${number} of profile ${profile} after this run looked at it. It was left alone, and nothing was deployed. Start the run again.`,
  );

/** This step's deployment, if it was begun. */
function begunBy(input: Input, before: Before, deployments: Known[], all: Version[], labels: Labels) {
  const made = ownOf(all, labels);
  return made && own(deployments, input.profile, String(made.number), before.deployment)[0];
}

/** Refuses to go on when somebody else deployed the profile since preflight. */
function unchanged(
  input: Input,
  before: Before,
  deployments: Known[],
  all: Version[],
  { ofRun }: Labels,
): void {
  const ofThisRun = ({ version }: Known) =>
    all.some(({ number, label }) => String(number) === version && label.startsWith(ofRun));
  const other = ofProfile(deployments, input.profile).find(
    (each) => each.number > before.deployment && !ofThisRun(each),
  );
  if (other) throw overtook(input, other);
  const [served] = effective(deployments, input.profile);
  // What this run stopped itself is another matter.
  if (before.stops === null && served && served.version !== before.version && !ofThisRun(served))
    throw overtook(input, served);
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
    const [latest] = await versions(input);
    const { lines } = changedFlags((await flagsOf(input, served.version)).content, input);
    // What goes on could bring the flag back, whatever it is in the version that everybody has.
    const changes = lines.length > 0 || going !== undefined;
    return {
      before: {
        version: served.version,
        latestVersion: latest?.number ?? 0,
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
    const labels = labelsOf(context);
    const [deployments, all] = await Promise.all([deploymentsOf(input), versions(input)]);
    const begun = begunBy(input, before, deployments, all, labels);
    if (begun) return { done: false, note: described(begun) };
    unchanged(input, before, deployments, all, labels);
    const going = goingOn(deployments);
    if (going && going.number === before.stops && going.State !== "ROLLING_BACK")
      await stop(input, going.number);
    // Another profile's or another step's: it may be over soon.
    if (going) return { done: false, note: `waits for ${described(going)}` };
    const version = await ownVersion(input, before, labels);
    await start(input, { version: String(version), mark: labels.own, over: deployments });
    return { done: false, note: `version ${version} with ${input.flag} changed is being deployed` };
  },

  async poll(input, { before }, context) {
    const [deployments, all] = await Promise.all([deploymentsOf(input), versions(input)]);
    const begun = begunBy(input, before, deployments, all, labelsOf(context));
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
    const [deployments, all] = await Promise.all([deploymentsOf(input), versions(input)]);
    const labels = labelsOf(context);
    const begun = begunBy(input, before, deployments, all, labels);
    if (!begun) {
      unchanged(input, before, deployments, all, labels);
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
