import type { DeploymentStrategy, GrowthType } from "@aws-sdk/client-appconfig";
import { ServiceException } from "../../service.ts";
import { randomId, stateOf, type World } from "../../world.ts";

/** One version of a hosted configuration. */
export interface HostedVersion {
  number: number;
  content: Uint8Array;
  contentType: string;
  label: string | undefined;
  description: string | undefined;
}

export interface Profile {
  id: string;
  name: string;
  description: string | undefined;
  type: string;
  /** Oldest first. */
  versions: HostedVersion[];
}

/** What a deployment takes over from its strategy when it begins. */
export interface Strategy extends DeploymentStrategy {
  Id: string;
  DeploymentDurationInMinutes: number;
  FinalBakeTimeInMinutes: number;
  GrowthFactor: number;
  GrowthType: GrowthType;
}

export interface Deployment {
  number: number;
  profileId: string;
  version: number;
  strategy: Strategy;
  description: string | undefined;
  tags: Record<string, string> | undefined;
  startedAt: number;
  /** Stopped while it went on: rolled back. */
  stoppedAt: number | undefined;
  /** Stopped after it was complete: reverted. */
  revertedAt: number | undefined;
}

export interface Environment {
  id: string;
  name: string;
  description: string | undefined;
  /** Oldest first, of every profile. */
  deployments: Deployment[];
}

export interface Application {
  id: string;
  name: string;
  description: string | undefined;
  environments: Map<string, Environment>;
  profiles: Map<string, Profile>;
}

/** One client's way through the versions: the token is good for one call. */
export interface Session {
  applicationId: string;
  environmentId: string;
  profileId: string;
  /** 0 to 100: the share of a deployment at which this client gets the new version. */
  place: number;
  minimumPollSeconds: number;
  /** Version it has. */
  version: number | undefined;
  expiresAt: number;
}

const strategy = (
  Id: string,
  DeploymentDurationInMinutes: number,
  GrowthFactor: number,
  FinalBakeTimeInMinutes: number,
  GrowthType: GrowthType = "LINEAR",
): Strategy => ({
  Id,
  Name: Id,
  DeploymentDurationInMinutes,
  GrowthFactor,
  FinalBakeTimeInMinutes,
  GrowthType,
  ReplicateTo: "NONE",
});

/** https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-deployment-strategy-predefined.html */
const PREDEFINED = [
  strategy("AppConfig.AllAtOnce", 0, 100, 10),
  strategy("AppConfig.Linear50PercentEvery30Seconds", 1, 50, 1),
  strategy("AppConfig.Linear20PercentEvery6Minutes", 30, 20, 30),
  strategy("AppConfig.Canary10Percent20Minutes", 20, 10, 10, "EXPONENTIAL"),
];

export const appConfigState = stateOf(() => ({
  applications: new Map<string, Application>(),
  strategies: new Map(PREDEFINED.map((each) => [each.Id, each])),
  /** By token. */
  sessions: new Map<string, Session>(),
}));

/** Ids as AppConfig makes them: seven lower-case letters and digits. */
export const newId = (): string => randomId(7, "abcdefghijklmnopqrstuvwxyz0123456789");

const missing = (what: string, id: string) =>
  new ServiceException("ResourceNotFoundException", `Could not find ${what} for Id: ${id}`, { status: 404 });

export function applicationOf(world: World, id = ""): Application {
  const found = appConfigState(world).applications.get(id);
  if (!found) throw missing("Application", id);
  return found;
}

export function environmentOf(world: World, applicationId?: string, id = ""): Environment {
  const found = applicationOf(world, applicationId).environments.get(id);
  if (!found) throw missing("Environment", id);
  return found;
}

export function profileOf(world: World, applicationId?: string, id = ""): Profile {
  const found = applicationOf(world, applicationId).profiles.get(id);
  if (!found) throw missing("ConfigurationProfile", id);
  return found;
}

export function strategyOf(world: World, id = ""): Strategy {
  const found = appConfigState(world).strategies.get(id);
  if (!found) throw missing("DeploymentStrategy", id);
  return found;
}

export function versionOf(profile: Profile, number: number | undefined): HostedVersion {
  const found = profile.versions.find((each) => each.number === number);
  if (!found) throw missing("HostedConfigurationVersion", String(number));
  return found;
}

export function deploymentOf(environment: Environment, number: number | undefined): Deployment {
  const found = environment.deployments.find((each) => each.number === number);
  if (!found) throw missing("Deployment", String(number));
  return found;
}

/** A resource's ARN, from its path: `arn:…:appconfig:…:application/abc1234/environment/…`. */
export const appConfigArn = (world: World, ...path: (string | number | undefined)[]): string =>
  world.arn("appconfig", path.map((part) => part ?? "").join("/"));

export const badRequest = (message: string, members: Record<string, unknown> = {}): ServiceException =>
  new ServiceException("BadRequestException", message, { members });

export const conflict = (message: string): ServiceException =>
  new ServiceException("ConflictException", message, { status: 409 });
