import { WatchdogError } from "../errors.ts";

/**
 * What is to be said before a copy is made of something encrypted with a key that the plan does not name. RDS does not
 * tell a key that AWS manages, which needs no naming, from one's own.
 */
export function keyEvidence(KmsKeyId: string | undefined): string[] {
  const named = (process.env["PLAN_KEYS"] ?? "").split(",");
  if (!KmsKeyId || named.includes(KmsKeyId)) return [];
  return [
    `it is encrypted with ${KmsKeyId}, which is not among the plan's keys: as it should be for a key that AWS manages; KMS refuses the copy where the key is your own`,
  ];
}

/** RDS' own refusal for a key, as an error that says what to do; anything else as it is. */
export const ofKey = (error: unknown, source: string): unknown =>
  (error as Error).name === "KMSKeyNotAccessibleFault"
    ? new WatchdogError(
        "AccessDenied",
        `${source} is encrypted with a key that this step may not use: ${(error as Error).message} Nothing was made, and ${source} was not touched. ` +
          "Name the key in the plan (keys), see that its key policy lets the account's roles in, then start the run again.",
        { cause: error },
      )
    : error;
