import type { StartConfigurationSessionCommandInput } from "@aws-sdk/client-appconfigdata";
import { randomId, type World } from "../../world.ts";
import {
  appConfigArn,
  appConfigState,
  applicationOf,
  badRequest,
  environmentOf,
  profileOf,
  type Session,
} from "./state.ts";

const DAY = 86_400_000;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

type Place = Pick<Session, "applicationId" | "environmentId" | "profileId">;

/** The ids behind what a client gives: ids or names. */
export function named(world: World, input: StartConfigurationSessionCommandInput): Place {
  const idOf = (all: Iterable<{ id: string; name: string }>, given = "") =>
    [...all].find(({ id, name }) => id === given || name === given)?.id ?? given;
  const applicationId = idOf(appConfigState(world).applications.values(), input.ApplicationIdentifier);
  const { environments, profiles } = applicationOf(world, applicationId);
  const environmentId = idOf(environments.values(), input.EnvironmentIdentifier);
  const profileId = idOf(profiles.values(), input.ConfigurationProfileIdentifier);
  environmentOf(world, applicationId, environmentId);
  profileOf(world, applicationId, profileId);
  return { applicationId, environmentId, profileId };
}

export const configurationArn = (world: World, place: Place): string =>
  appConfigArn(
    world,
    "application",
    place.applicationId,
    "environment",
    place.environmentId,
    "configuration",
    place.profileId,
  );

/** A new token for a session; good for one call within a day. */
export function openSession(world: World, session: Omit<Session, "expiresAt">): string {
  const token = randomId(120, ALPHABET);
  appConfigState(world).sessions.set(token, { ...session, expiresAt: world.clock.now() + DAY });
  return token;
}

/** The session of a token, which may be used once more at the most. */
export function sessionOf(world: World, token = ""): Session {
  const session = appConfigState(world).sessions.get(token);
  if (!session || session.expiresAt < world.clock.now())
    throw badRequest("Request token is invalid or expired");
  return session;
}
