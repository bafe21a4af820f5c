import { GetObjectCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { type ObjectVersion, s3 } from "../../runtime/object-version.ts";
import { lockOf } from "./spec.ts";

/** What identifies a Terraform state, and the number of its writes. */
export interface State {
  lineage: string;
  serial: number;
}

/** Reads the head of a state; undefined for anything else. Pure. */
export function stateIn(text: string): State | undefined {
  try {
    const { lineage, serial } = JSON.parse(text) as Partial<State>;
    if (typeof lineage === "string" && Number.isInteger(serial)) return { lineage, serial: serial! };
  } catch {
    // No JSON is no state: said by who asked.
  }
  return undefined;
}

async function stateOf(Bucket: string, Key: string, { versionId }: ObjectVersion): Promise<State> {
  const { Body } = await s3().send(new GetObjectCommand({ Bucket, Key, VersionId: versionId }));
  const found = stateIn((await Body?.transformToString()) ?? "");
  if (!found)
    throw refusal(
      `The version ${versionId} of s3://${Bucket}/${Key} is no Terraform state: it has no lineage and no serial. Nothing was changed. Name a version that is one.`,
    );
  return found;
}

/** The serials of the present and the wanted state; refuses a state that was never an earlier one of the present. */
export async function comparedStates(
  bucket: string,
  key: string,
  versions: { current: ObjectVersion; target: ObjectVersion },
): Promise<{ from: number; to: number }> {
  const [current, target] = await Promise.all([
    stateOf(bucket, key, versions.current),
    stateOf(bucket, key, versions.target),
  ]);
  if (current.lineage !== target.lineage)
    throw refusal(
      `The version ${versions.target.versionId} of s3://${bucket}/${key} is of the lineage ${target.lineage}, the present one of ${current.lineage}: they describe different infrastructure. Nothing was changed. Name a version of the same lineage.`,
    );
  return { from: current.serial, to: target.serial };
}

/** Who holds Terraform's lock would write its own state over whatever is put there. */
export async function mustBeUnlocked(
  Bucket: string,
  key: string,
  during: "preflight" | "apply",
): Promise<void> {
  const Prefix = lockOf(key);
  const { Versions = [] } = await s3().send(new ListObjectVersionsCommand({ Bucket, Prefix, MaxKeys: 10 }));
  const lock = Versions.find(({ Key, IsLatest }) => Key === Prefix && IsLatest);
  if (!lock) return;
  const text = `Terraform holds the lock s3://${Bucket}/${Prefix} since ${lock.LastModified?.toISOString() ?? "some time"}. ${during === "preflight" ? "Nothing was changed." : "The state was left as it is."} Wait until it has ended, or end it; where nothing runs any more, terraform force-unlock.`;
  throw during === "preflight" ? refusal(text) : new WatchdogError("ChangedSincePreflight", text);
}
