import type { DeploymentSummary } from "@aws-sdk/client-appconfig";

/** A deployment with the two things that every one has. */
export type Known = DeploymentSummary & { number: number; version: string };

/** Neither complete nor over: AppConfig starts no other in the environment meanwhile. */
const GOING_ON = ["VALIDATING", "DEPLOYING", "BAKING", "ROLLING_BACK"];
const TAKEN_BACK = ["ROLLING_BACK", "ROLLED_BACK", "REVERTED"];

/** The one that goes on in the environment, of whatever profile. Pure, as is all here; lists are newest first. */
export const goingOn = (deployments: Known[]): Known | undefined =>
  deployments.find(({ State = "" }) => GOING_ON.includes(State));

export const ofProfile = (deployments: Known[], profile: string): Known[] =>
  deployments.filter(({ ConfigurationProfileId }) => ConfigurationProfileId === profile);

/** The deployments whose versions every client had in turn: not those that were taken back or have not come so far. */
export const effective = (deployments: Known[], profile: string): Known[] =>
  ofProfile(deployments, profile).filter(
    ({ State = "", PercentageComplete = 0 }) => PercentageComplete === 100 && !TAKEN_BACK.includes(State),
  );

export const takenBack = ({ State }: Known): boolean => State === "ROLLED_BACK" || State === "REVERTED";

/** Deployments of a version after another one: those that a run may have begun, newest first. */
export const own = (deployments: Known[], profile: string, version: string, after: number): Known[] =>
  ofProfile(deployments, profile).filter((each) => each.number > after && each.version === version);

export const described = ({ number, version, State, PercentageComplete }: Known): string =>
  `deployment ${number} of version ${version} is ${State} at ${PercentageComplete ?? 0} %`;
