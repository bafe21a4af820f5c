import type { ParameterHistory } from "@aws-sdk/client-ssm";
import { refusal } from "../../runtime/errors.ts";
import type { RunContext } from "../../runtime/protocol.ts";

/** A version with its number, oldest first. */
export type Kept = ParameterHistory & { Version: number };

/**
 * The version to go back to. Pure. Values are compared and never said; of a secure string they are the ciphertexts, so
 * that every version has another.
 */
export function targetVersion(
  parameter: string,
  versions: Kept[],
  wanted: "previous" | "before-deployment" | number,
  { deployment }: Pick<RunContext, "deployment">,
): { version: number; evidence: string[] } {
  const current = versions.at(-1)!;
  if (typeof wanted === "number") {
    if (!versions.some(({ Version }) => Version === wanted))
      throw refusal(
        `${parameter} has no version ${wanted}: it holds ${versions[0]!.Version} to ${current.Version}. Nothing was changed. Correct the plan.`,
      );
    return { version: wanted, evidence: [] };
  }
  if (wanted === "before-deployment") {
    const began = Date.parse(deployment?.startedAt ?? "");
    if (!deployment || Number.isNaN(began))
      throw refusal(
        `The plan gives ${parameter} its value from before the deployment, and no deployment is recorded. Nothing was changed. Name a version instead.`,
      );
    const older = versions.findLast(({ LastModifiedDate }) => Number(LastModifiedDate) < began);
    if (!older)
      throw refusal(
        `Every version of ${parameter} that is kept is younger than deployment ${deployment.version} (${deployment.startedAt}). Nothing was changed. Name a value in the plan.`,
      );
    return {
      version: older.Version,
      evidence: [
        `version ${older.Version} was there when deployment ${deployment.version} began at ${deployment.startedAt}`,
      ],
    };
  }
  const other = versions.findLast(({ Value }) => Value !== current.Value);
  if (!other)
    throw refusal(
      `${parameter} never had another value than that of version ${current.Version}. Nothing was changed. Name a version or a value in the plan.`,
    );
  return { version: other.Version, evidence: [`version ${other.Version} is the newest with another value`] };
}
