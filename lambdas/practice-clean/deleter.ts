import { RDSClient } from "@aws-sdk/client-rds";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { clientSettings, once } from "../runtime/clients.ts";
import { WatchdogError } from "../runtime/errors.ts";
import { PRACTICE_SESSION } from "../runtime/names.ts";
import type { RunContext } from "../runtime/protocol.ts";
import { digest } from "../runtime/tokens.ts";

const sts = once(() => new STSClient(clientSettings));

/** The shortest session there is, seconds. */
const SESSION_SECONDS = 900;
/** What RDS answers while something is in the middle of something; the machine comes again. */
const BUSY = new Set(["InvalidDBInstanceStateFault", "InvalidDBInstanceState", "InvalidDBClusterStateFault"]);
const GONE = new Set(["DBInstanceNotFoundFault", "DBClusterNotFoundFault"]);

/**
 * Deletes one thing under the role for this practice; why it is still there, in words, or undefined when it is gone
 * already.
 */
export async function deleted(
  run: RunContext,
  name: string,
  status: string | undefined,
  send: (client: RDSClient) => Promise<unknown>,
): Promise<string | undefined> {
  try {
    await send(await deleter(run));
    return `${name} is being deleted`;
  } catch (error) {
    const { name: code, message } = error as Error;
    if (GONE.has(code)) return undefined;
    return BUSY.has(code)
      ? `${name} is ${status} and cannot be deleted yet`
      : `${name} was not deleted: ${code}: ${message}`;
  }
}

/** RDS under the role that may delete what carries this practice's id, and nothing else. */
async function deleter(run: RunContext): Promise<RDSClient> {
  const { Credentials } = await sts().send(
    new AssumeRoleCommand({
      RoleArn: process.env["DELETE_ROLE_ARN"],
      RoleSessionName: `practice-${digest(run.id, 16)}`,
      DurationSeconds: SESSION_SECONDS,
      Tags: [{ Key: PRACTICE_SESSION, Value: run.id }],
    }),
  );
  if (!Credentials?.AccessKeyId || !Credentials.SecretAccessKey || !Credentials.SessionToken)
    throw new WatchdogError(
      "ServiceUnavailable",
      `STS gave no credentials for the clean-up of practice ${run.id}. Nothing was deleted. This is tried again.`,
    );
  return new RDSClient({
    ...clientSettings,
    credentials: {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      sessionToken: Credentials.SessionToken,
    },
  });
}
