import {
  AppConfigClient,
  BadRequestException,
  ConflictException,
  type DeploymentSummary,
  GetDeploymentCommand,
  paginateListDeployments,
  StartDeploymentCommand,
  StopDeploymentCommand,
} from "@aws-sdk/client-appconfig";
import { goingOn, type Known, own } from "./appconfig-deployments.ts";
import type { Place } from "./appconfig-place.ts";
import { clientSettings, once } from "./clients.ts";
import { refusal, WatchdogError } from "./errors.ts";

export const appconfig = once(() => new AppConfigClient(clientSettings));

const environmentIds = ({ application, environment }: Place) => ({
  ApplicationId: application,
  EnvironmentId: environment,
});

/** Deployments looked at, newest first; AppConfig keeps them for ever. */
const MOST = 200;

/** The newest deployments of an environment, of every profile, newest first. */
export async function deploymentsOf(place: Place): Promise<Known[]> {
  const found: DeploymentSummary[] = [];
  for await (const { Items = [] } of paginateListDeployments(
    { client: appconfig() },
    environmentIds(place),
  )) {
    found.push(...Items);
    if (found.length >= MOST) break;
  }
  return found
    .map((each) => ({
      ...each,
      number: each.DeploymentNumber ?? 0,
      version: each.ConfigurationVersion ?? "",
    }))
    .toSorted((left, right) => right.number - left.number);
}

/** AppConfig deploys one configuration at a time to an environment; another profile's is not ours to stop. */
export function refuseOthers(place: Place, deployments: Known[]): void {
  const other = goingOn(deployments);
  if (!other || other.ConfigurationProfileId === place.profile) return;
  throw refusal(
    `Deployment ${other.number} of ${other.ConfigurationName} is ${other.State} in environment ${place.environment}, and AppConfig deploys one configuration at a time. Nothing was changed. Stop it (aws appconfig stop-deployment --application-id ${place.application} --environment-id ${place.environment} --deployment-number ${other.number}) or wait until it is complete, then start the run again.`,
  );
}

/**
 * Rolls back what goes on, reverts what is complete; what was stopped already is stopped. False: AppConfig does not, as of
 * a deployment that was complete for 72 hours.
 */
export async function stop(place: Place, DeploymentNumber: number): Promise<boolean> {
  const command = { ...environmentIds(place), DeploymentNumber };
  try {
    await appconfig().send(new StopDeploymentCommand({ ...command, AllowRevert: true }));
    return true;
  } catch (error) {
    if (!(error instanceof BadRequestException)) throw error;
    // The SDK called again after a lost reply, or somebody stopped it: both are what was wanted.
    const { State = "" } = await appconfig().send(new GetDeploymentCommand(command));
    return ["ROLLING_BACK", "ROLLED_BACK", "REVERTED"].includes(State);
  }
}

/**
 * Deploys a version over the newest deployment that the caller knows; `mark` is its description, by which a second
 * call finds it.
 */
export async function start(
  place: Place,
  given: { version: string; mark: string; over: Known[] },
): Promise<void> {
  try {
    await appconfig().send(
      new StartDeploymentCommand({
        ...environmentIds(place),
        ConfigurationProfileId: place.profile,
        DeploymentStrategyId: place.strategy,
        ConfigurationVersion: given.version,
        Description: given.mark,
        LatestDeploymentNumber: given.over[0]?.number ?? 0,
      }),
    );
  } catch (error) {
    if (!(error instanceof ConflictException)) throw error;
    // The SDK called again after a lost reply, or something is in the way: polling tells, and asks for another try.
  }
}

export const overtook = ({ environment }: Place, { number, version }: Known) =>
  new WatchdogError(
    "ChangedSincePreflight",
    `Deployment ${number} brought version ${version} to environment ${environment} after this run looked at it. It was left alone. Find out who deployed it.`,
  );

/** This run's own deployment of a version, begun after deployment `after`. */
export async function ownDeployment(
  place: Place,
  deployments: Known[],
  given: { version: string; mark: string; after: number },
): Promise<Known | undefined> {
  for (const each of own(deployments, place.profile, given.version, given.after)) {
    const { Description } = await appconfig().send(
      new GetDeploymentCommand({ ...environmentIds(place), DeploymentNumber: each.number }),
    );
    if (Description === given.mark) return each;
  }
  return undefined;
}
