import { createHash } from "node:crypto";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { refusal } from "../../runtime/errors.ts";
import { s3 } from "../../runtime/object-version.ts";

export interface Releases {
  bucket: string;
  prefix: string;
  files: string[];
  sums: string;
}

/** `sha256sum`'s lines: name → checksum. Pure. */
export function parseSums(text: string): Map<string, string> {
  return new Map(
    text.split("\n").flatMap((line): [string, string][] => {
      const [, sum, name] = /^([0-9a-f]{64}) [ *](?:\.\/)?(.+)$/.exec(line.trim()) ?? [];
      return sum && name ? [[name, sum]] : [];
    }),
  );
}

const missing = (error: unknown) => ["NoSuchKey", "NotFound", "AccessDenied"].includes((error as Error).name);

/** Reads every byte of every file and compares; refuses a release that is not whole or not what it says. */
export async function verifiedFiles(
  version: string,
  { bucket, prefix, files, sums }: Releases,
): Promise<{ key: string; sha256: string }[]> {
  const folder = prefix.replaceAll("{version}", version);
  const listed = parseSums(await text(bucket, `${folder}${sums}`, version));
  const found: { key: string; sha256: string }[] = [];
  for (const file of files) {
    const key = `${folder}${file}`;
    const wanted = listed.get(file);
    if (!wanted)
      throw refusal(
        `s3://${bucket}/${folder}${sums} has no checksum of ${file}. The manifest was not changed. Complete the release ${version}, or go back to another.`,
      );
    const sha256 = await digestOf(bucket, key, version);
    if (sha256 !== wanted)
      throw refusal(
        `s3://${bucket}/${key} has the SHA-256 ${sha256}, and the release's own list says ${wanted}. The manifest was not changed. ` +
          "Clients must not be sent there: find out who changed the file, or go back to another release.",
      );
    found.push({ key, sha256 });
  }
  return found;
}

async function body(Bucket: string, Key: string, version: string) {
  try {
    return (await s3().send(new GetObjectCommand({ Bucket, Key }))).Body!;
  } catch (error) {
    if (!missing(error)) throw error;
    throw refusal(
      `The release ${version} has no s3://${Bucket}/${Key} (${(error as Error).name}). The manifest was not changed. Upload it again, or go back to another release.`,
    );
  }
}

const text = async (bucket: string, key: string, version: string) =>
  (await body(bucket, key, version)).transformToString();

/** Streamed: a release may be larger than the function's memory. */
async function digestOf(bucket: string, key: string, version: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of (await body(bucket, key, version)) as AsyncIterable<Uint8Array>) hash.update(part);
  return hash.digest("hex");
}
