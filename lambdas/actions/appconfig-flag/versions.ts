import {
  ConflictException,
  CreateHostedConfigurationVersionCommand,
  GetHostedConfigurationVersionCommand,
  paginateListHostedConfigurationVersions,
} from "@aws-sdk/client-appconfig";
import { appconfig } from "../../runtime/appconfig.ts";
import { WatchdogError } from "../../runtime/errors.ts";
import type { StepContext } from "../../runtime/serve-action.ts";
import { digest } from "../../runtime/tokens.ts";

/** Whose versions these are. */
interface Profile {
  application: string;
  profile: string;
}

const profileIds = ({ application, profile }: Profile) => ({
  ApplicationId: application,
  ConfigurationProfileId: profile,
});

/** Labels of the versions that a run makes, of this step's own, and of the one that takes it back. */
export const labelsOf = ({ run, step }: Pick<StepContext, "run" | "step">) => {
  const ofRun = `watchdog-${digest(run.id, 12)}-`;
  const own = `${ofRun}${digest(step.id, 8)}`;
  return { ofRun, own, back: `${own}-back` };
};
export type Labels = ReturnType<typeof labelsOf>;

/** A version of a profile. */
export interface Version {
  number: number;
  label: string;
}

/** All of them, newest first. */
export async function versionsOf(of: Profile): Promise<Version[]> {
  const found: Version[] = [];
  const pages = paginateListHostedConfigurationVersions({ client: appconfig() }, profileIds(of));
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
export async function flagsOf(of: Profile, version: string): Promise<{ content: string; type: string }> {
  const { Content = new Uint8Array(), ContentType = "application/json" } = await appconfig().send(
    new GetHostedConfigurationVersionCommand({ ...profileIds(of), VersionNumber: Number(version) }),
  );
  return { content: new TextDecoder().decode(Content), type: ContentType };
}

export const labelled = (all: Version[], label: string): Version | undefined =>
  all.find((each) => each.label === label);

/** A version that a step of this same run made is no surprise: what it changed is kept, and built upon. */
const foreign = (all: Version[], { ofRun }: Labels, after: number) =>
  all.find(({ number, label }) => number > after && !label.startsWith(ofRun));

/**
 * A version under a label, made once: over the latest that preflight saw, or that another step of this run made, from
 * the flags of that one. `base`: the version built upon while this run made none.
 */
export async function makeVersion(
  of: Profile,
  labels: Labels,
  given: { label: string; latest: number; base: string; why: string; change(content: string): string },
): Promise<number> {
  const all = await versionsOf(of);
  const made = labelled(all, given.label);
  if (made) return made.number;
  const stranger = foreign(all, labels, given.latest);
  if (stranger) throw madeSince(of, stranger);
  const [newest] = all;
  const base = newest && newest.number > given.latest ? String(newest.number) : given.base;
  const { content, type } = await flagsOf(of, base);
  try {
    const { VersionNumber = 0 } = await appconfig().send(
      new CreateHostedConfigurationVersionCommand({
        ...profileIds(of),
        Content: new TextEncoder().encode(given.change(content)),
        ContentType: type,
        LatestVersionNumber: newest?.number ?? given.latest,
        VersionLabel: given.label,
        Description: `version ${base} with ${given.why} by rollback-watchdog`,
      }),
    );
    return VersionNumber;
  } catch (error) {
    if (!(error instanceof ConflictException)) throw error;
    // The SDK called again after a lost reply, or a step beside this one was faster.
    const now = await versionsOf(of);
    const found = labelled(now, given.label);
    if (found) return found.number;
    const other = foreign(now, labels, given.latest);
    if (other) throw madeSince(of, other);
    throw new WatchdogError(
      "ServiceUnavailable",
      `Another step of this run is changing profile ${of.profile} at this moment. Nothing was done.`,
      { cause: error },
    );
  }
}

const madeSince = ({ profile }: Profile, { number }: Version) =>
  new WatchdogError(
    "ChangedSincePreflight",
    `Somebody made version ${number} of profile ${profile} after this run looked at it. It was left alone, and nothing was deployed. Start the run again.`,
  );
