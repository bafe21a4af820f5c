import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { clientSettings, once } from "../clients.ts";
import { WatchdogError } from "../errors.ts";
import type { Segment } from "./manifest.ts";

const s3 = once(() => new S3Client(clientSettings));

/** Puts an object with its SHA-256, which S3 checks on arrival and keeps. */
export async function putObject(
  bucket: string,
  key: string,
  body: Buffer | string,
  contentType: string,
): Promise<Segment> {
  const bytes = Buffer.from(body);
  const sha256 = createHash("sha256").update(bytes).digest("base64");
  await s3().send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: bytes,
      ContentType: contentType,
      ChecksumSHA256: sha256,
    }),
  );
  return { key, bytes: bytes.byteLength, sha256 };
}

/** An object's text; undefined when there is none. */
export async function textOf(bucket: string, key: string): Promise<string | undefined> {
  try {
    const { Body } = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return await Body!.transformToString();
  } catch (error) {
    if ((error as Error).name === "NoSuchKey") return undefined;
    throw error;
  }
}

/** An object's bytes as they come. */
export async function streamOf(bucket: string, key: string): Promise<Readable> {
  const { Body } = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Body as Readable;
}

/** Size of every object below a prefix, by key. */
export async function listed(bucket: string, prefix: string): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  let token: string | undefined;
  do {
    const page = await s3().send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: `${prefix}/`, ContinuationToken: token }),
    );
    for (const { Key, Size } of page.Contents ?? []) found.set(Key!, Size ?? 0);
    token = page.NextContinuationToken;
  } while (token);
  return found;
}

/** What S3 itself says of each object against what was written, in words; empty when all is there. */
export async function damagedIn(bucket: string, prefix: string, segments: Segment[]): Promise<string[]> {
  const there = await listed(bucket, prefix);
  const problems: string[] = [];
  for (const { key, bytes, sha256 } of segments) {
    const size = there.get(key);
    if (size !== bytes) {
      problems.push(`${key} ${size === undefined ? "is missing" : `has ${size} bytes, not ${bytes}`}`);
      continue;
    }
    const { ChecksumSHA256 } = await s3().send(
      new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: "ENABLED" }),
    );
    if (ChecksumSHA256 !== sha256) problems.push(`${key} has another SHA-256 than was written`);
  }
  return problems;
}

/** A JSON object of S3, or an error that says what is there. */
export function parsedJson<Value>(text: string, key: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch (error) {
    throw new WatchdogError("WorkFailed", `${key} is no JSON. Nothing was changed. Look at the object.`, {
      cause: error,
    });
  }
}
