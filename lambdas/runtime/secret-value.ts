import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { clientSettings, once } from "./clients.ts";
import { WatchdogError } from "./errors.ts";

const secrets = once(() => new SecretsManagerClient(clientSettings));

/**
 * A secret's JSON members. The value stays in this process: it is put in no answer, log or error.
 * `version` reads one version, so that a login can be tried with the version that will be current.
 */
export async function secretMembers(SecretId: string, VersionId?: string): Promise<Record<string, string>> {
  const { SecretString } = await secrets().send(
    new GetSecretValueCommand({ SecretId, ...(VersionId ? { VersionId } : {}) }),
  );
  try {
    const members: unknown = JSON.parse(SecretString ?? "");
    if (typeof members === "object" && members !== null) return members as Record<string, string>;
  } catch {
    // A plain text secret; said below without its value.
  }
  throw new WatchdogError(
    "BadInput",
    `The secret ${SecretId} is not a JSON object. Nothing was done. Store it with the members username, password, port, dbname.`,
  );
}
