import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  S3Client,
} from "@aws-sdk/client-s3";
import { clientSettings, once } from "../clients.ts";
import { refusal } from "../errors.ts";
import type { RunContext } from "../protocol.ts";

const s3 = once(() => new S3Client(clientSettings));

export interface Source {
  bucket: string;
  key: string;
  version: string;
}

/** The version of the saved manifest that a step means, by its id. */
export async function versionOf(
  { bucket, key, version }: Source,
  { deployment }: RunContext,
): Promise<string> {
  if (version !== "before-deployment" && version !== "latest") return version;
  const at = version === "latest" ? undefined : deployment?.startedAt;
  if (version === "before-deployment" && !at)
    throw refusal(
      `Which version of s3://${bucket}/${key} is the one before the deployment cannot be told: no deployment is recorded. Nothing was changed. Name a version id in the plan.`,
    );
  let [KeyMarker, VersionIdMarker]: (string | undefined)[] = [];
  do {
    // Newest first, and versions of keys that only begin alike after them.
    const page: ListObjectVersionsCommandOutput = await s3().send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, KeyMarker, VersionIdMarker }),
    );
    const own = (page.Versions ?? []).filter(({ Key }) => Key === key);
    const found = own.find(({ LastModified }) => !at || (LastModified?.getTime() ?? 0) < Date.parse(at));
    if (found?.VersionId) return found.VersionId;
    KeyMarker = page.IsTruncated ? page.NextKeyMarker : undefined;
    VersionIdMarker = page.NextVersionIdMarker;
  } while (KeyMarker !== undefined);
  throw refusal(
    `s3://${bucket}/${key} has no version${at ? ` from before ${at}` : ""}. Nothing was changed. Let the pipeline save it before it deploys.`,
  );
}

/** What one version of the object holds. */
export async function savedText({ bucket, key }: Source, VersionId: string): Promise<string> {
  try {
    const { Body } = await s3().send(
      new GetObjectCommand({ Bucket: bucket, Key: key, ...(VersionId === "null" ? {} : { VersionId }) }),
    );
    return (await Body?.transformToString()) ?? "";
  } catch (error) {
    if (error instanceof Error && /^(NoSuchVersion|NoSuchKey|InvalidArgument)$/.test(error.name))
      throw refusal(
        `There is no ${nameOf({ bucket, key }, VersionId)}. Nothing was changed. Correct the plan.`,
      );
    throw error;
  }
}

/** One version of the object, for people. */
export const nameOf = ({ bucket, key }: Pick<Source, "bucket" | "key">, versionId: string): string =>
  `s3://${bucket}/${key} version ${versionId}`;
