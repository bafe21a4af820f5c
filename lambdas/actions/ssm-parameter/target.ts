import type { ParameterHistory } from "@aws-sdk/client-ssm";
import { refusal } from "../../runtime/errors.ts";
import type { RunContext } from "../../runtime/protocol.ts";

/** A version with its number, oldest first. */
export type Kept = ParameterHistory & { Version: number };

/** Versions that Parameter Store keeps; the oldest makes room for a new one. */
const MOST_VERSIONS = 100;

/** Refuses a parameter that would not take another version, or not at once. Pure. */
export function mustTakeAnother(parameter: string, versions: Kept[]): void {
  const { Labels = [], Version } = versions[0]!;
  if (versions.length >= MOST_VERSIONS && Labels.length > 0)
    throw refusal(
      `${parameter} has ${versions.length} versions, and the oldest (${Version}) has the label ${Labels.join(", ")}, so that Parameter Store takes no other. Nothing was changed. Move the label to a newer version (aws ssm label-parameter-version), then start the run again.`,
    );
  if (versions.at(-1)!.DataType === "aws:ec2:image")
    throw refusal(
      `${parameter} is an image id (data type aws:ec2:image): AWS checks a new value by itself and takes it over later or not at all. Nothing was changed. Put it back by hand, and look whether it was taken.`,
    );
}

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
