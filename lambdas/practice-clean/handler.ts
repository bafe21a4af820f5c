import { DeleteDBInstanceCommand, RDSClient } from "@aws-sdk/client-rds";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { clientSettings, once } from "../runtime/clients.ts";
import { WatchdogError } from "../runtime/errors.ts";
import { PRACTICE_SESSION } from "../runtime/names.ts";
import type { LeftOver, PracticeCleanAnswer, PracticeCleanEvent, RunContext } from "../runtime/protocol.ts";
import { findInstance } from "../runtime/rds/instances.ts";
import { serve } from "../runtime/serve.ts";
import { digest, restoredName } from "../runtime/tokens.ts";
import { usdPerDay } from "./price.ts";
import { whyNot } from "./why-not.ts";

const sts = once(() => new STSClient(clientSettings));

/** The shortest session there is, seconds. */
const SESSION_SECONDS = 900;
/** What RDS answers while an instance is in the middle of something; the machine comes again. */
const BUSY = new Set(["InvalidDBInstanceStateFault", "InvalidDBInstanceState"]);

/**
 * The only place of the product that deletes: what this practice made itself, by the name that follows from its id,
 * under a role that is good for this practice's tag alone. Called until nothing is left or its time is over; an
 * instance that is not this practice's is left alone and told.
 */
export const handler = serve(
  "practice-clean",
  async ({ run, made }: PracticeCleanEvent): Promise<PracticeCleanAnswer> => {
    const left: LeftOver[] = [];
    for (const { base, step } of made) {
      const remains = await cleaned(run, base, restoredName(base, run, step));
      if (remains) left.push(remains);
    }
    return {
      done: left.length === 0,
      left,
      note: left.length === 0 ? "nothing of the practice is left" : left.map(({ why }) => why).join("; "),
    };
  },
);

/** Deletes one throw-away, unless it is not one; undefined when it is gone. */
async function cleaned(run: RunContext, base: string, name: string): Promise<LeftOver | undefined> {
  const found = await findInstance(name);
  if (!found) return undefined;
  const remains = (why: string): LeftOver => ({
    arn: found.DBInstanceArn ?? name,
    why,
    usdPerDay: usdPerDay(found),
  });
  if (found.DBInstanceStatus === "deleting") return remains(`${name} is being deleted`);
  const refused = whyNot(found, run, base);
  if (refused) return remains(refused);
  try {
    const client = await deleter(run);
    await client.send(
      new DeleteDBInstanceCommand({
        DBInstanceIdentifier: name,
        SkipFinalSnapshot: true,
        DeleteAutomatedBackups: true,
      }),
    );
    return remains(`${name} is being deleted`);
  } catch (error) {
    const { name: code, message } = error as Error;
    if (code === "DBInstanceNotFoundFault") return undefined;
    return remains(
      BUSY.has(code)
        ? `${name} is ${found.DBInstanceStatus} and cannot be deleted yet`
        : `${name} was not deleted: ${code}: ${message}`,
    );
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
