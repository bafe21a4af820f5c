import type * as z from "zod";
import { deploymentsOf, overtook, refuseOthers, start, stop } from "../../runtime/appconfig.ts";
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
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { changedFlags, withFlagOf } from "./flags.ts";
import { appconfigFlag } from "./spec.ts";
import {
  flagsOf,
  type Labels,
  labelled,
  labelsOf,
  makeVersion,
  type Version,
  versionsOf,
} from "./versions.ts";

type Input = z.output<typeof appconfigFlag.input>;
type Before = z.output<typeof appconfigFlag.before>;

/** The deployment of this step's version, or with `back` of the one that takes it back; undefined until it is begun. */
function begunBy(input: Input, before: Before, deployments: Known[], all: Version[], label: string) {
  const made = labelled(all, label);
  return made && own(deployments, input.profile, String(made.number), before.deployment)[0];
}

const ofThisRun = (all: Version[], { ofRun }: Labels, { version }: Known) =>
  all.some(({ number, label }) => String(number) === version && label.startsWith(ofRun));

/** Refuses to go on when somebody else deployed the profile since preflight. */
function unchanged(input: Input, before: Before, deployments: Known[], all: Version[], labels: Labels): void {
  const other = ofProfile(deployments, input.profile).find(
    (each) => each.number > before.deployment && !ofThisRun(all, labels, each),
  );
  if (other) throw overtook(input, other);
  const [served] = effective(deployments, input.profile);
  // What this run stopped itself is another matter.
  if (before.stops === null && served && served.version !== before.version && !ofThisRun(all, labels, served))
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
    const [latest] = await versionsOf(input);
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
        ? `flag ${input.flag}: ${lines.join(", ") || "as it is"}`
        : `flag ${input.flag} is as wanted already`,
      // Others change other flags of the profile meanwhile: its version says nothing of this one.
      evidence: [
        `over version ${served.version}, which every client has`,
        ...(going ? [`${described(going)}: it is stopped first`] : []),
      ],
      expects: { flag: input.flag },
    };
  },

  async apply(input, { before }, context) {
    if (!before.changes) return done(input, `${input.flag} is as wanted already`);
    const labels = labelsOf(context);
    const [deployments, all] = await Promise.all([deploymentsOf(input), versionsOf(input)]);
    const begun = begunBy(input, before, deployments, all, labels.own);
    if (begun) return { done: false, note: described(begun) };
    unchanged(input, before, deployments, all, labels);
    const going = goingOn(deployments);
    if (going && going.number === before.stops && going.State !== "ROLLING_BACK")
      await stop(input, going.number);
    // Another profile's or another step's: it may be over soon.
    if (going) return { done: false, note: `waits for ${described(going)}` };
    const version = await makeVersion(input, labels, {
      label: labels.own,
      latest: before.latestVersion,
      base: before.version,
      why: `${input.flag} changed`,
      change: (content) => changedFlags(content, input).content,
    });
    await start(input, { version: String(version), mark: labels.own, over: deployments });
    return { done: false, note: `version ${version} with ${input.flag} changed is being deployed` };
  },

  async poll(input, { before }, context) {
    const [deployments, all] = await Promise.all([deploymentsOf(input), versionsOf(input)]);
    const labels = labelsOf(context);
    const begun = begunBy(input, before, deployments, all, labels.own);
    const going = goingOn(deployments);
    if (context.phase === "revert") {
      if (!begun || takenBack(begun)) return done(input, begun ? described(begun) : "nothing was deployed");
      const back = begunBy(input, before, deployments, all, labels.back);
      if (back) return { ...done(input, described(back)), done: back.PercentageComplete === 100 };
      return { done: false, note: described(begun), again: !going };
    }
    if (begun && (takenBack(begun) || begun.State === "ROLLING_BACK"))
      throw new WatchdogError(
        "WorkFailed",
        `${described(begun)}: AppConfig or somebody took it back. Everybody has the version from before. Look at the deployment's events and at the alarms of environment ${input.environment}.`,
      );
    if (begun) return { ...done(input, described(begun)), done: begun.PercentageComplete === 100 };
    return going
      ? { done: false, note: `waits for ${described(going)}` }
      : { done: false, note: "the environment is free", again: true };
  },

  async revert(input, { before }, context) {
    const [deployments, all] = await Promise.all([deploymentsOf(input), versionsOf(input)]);
    const labels = labelsOf(context);
    const begun = begunBy(input, before, deployments, all, labels.own);
    if (!begun) {
      unchanged(input, before, deployments, all, labels);
      return done(input, `nothing was deployed for ${input.flag}`);
    }
    if (takenBack(begun)) return done(input, described(begun));
    const back = begunBy(input, before, deployments, all, labels.back);
    if (back) return { ...done(input, described(back)), done: back.PercentageComplete === 100 };
    const newest = ofProfile(deployments, input.profile).find((each) => !takenBack(each));
    if (newest && !ofThisRun(all, labels, newest)) throw overtook(input, newest);
    const last = newest === undefined || newest.number === begun.number;
    if (last && (await stop(input, begun.number)))
      return { done: false, note: `deployment ${begun.number} is being taken back` };
    const going = goingOn(deployments);
    if (going) return { done: false, note: `waits for ${described(going)}` };
    // Other steps' changes lie over it, or AppConfig reverts it no more: the flag alone goes back, in a version of its own.
    const { content: was } = await flagsOf(input, before.version);
    const version = await makeVersion(input, labels, {
      label: labels.back,
      latest: before.latestVersion,
      base: before.version,
      why: `${input.flag} as in version ${before.version}`,
      change: (content) => withFlagOf(content, was, input.flag),
    });
    await start(input, { version: String(version), mark: labels.back, over: deployments });
    return { done: false, note: `version ${version} with ${input.flag} as before is being deployed` };
  },
};

export const handler = serveAction(appconfigFlag, verbs);
