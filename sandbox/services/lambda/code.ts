import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { FunctionCode } from "@aws-sdk/client-lambda";
import { ServiceException } from "../../service.ts";
import { randomId, stateOf, type World } from "../../world.ts";
import { unzip } from "./unzip.ts";

/** Asset folders that a deployment put at `s3://bucket/key` instead of a zip file. */
const assets = stateOf(() => new Map<string, string>());

/** Makes a synthesized asset (a folder, or a zip file) available at the place its template names. */
export function putAsset(world: World, bucket: string, key: string, path: string): void {
  assets(world).set(`${bucket}/${key}`, path);
}

/** Where the asset of a place lies on this machine. */
export function assetAt(world: World, bucket: string, key: string): string | undefined {
  return assets(world).get(`${bucket}/${key}`);
}

export interface StoredCode {
  folder: string;
  sha256: string;
  size: number;
}

/** Unpacks code into a folder of its own by content; later changes of the source do not reach a version. */
export async function storeCode(world: World, code: FunctionCode | undefined): Promise<StoredCode> {
  if (code?.ZipFile) return storeZip(world, code.ZipFile);
  if (!code?.S3Bucket || !code.S3Key)
    throw new ServiceException(
      "InvalidParameterValueException",
      "Please provide a source for function code.",
    );
  const asset = assets(world).get(`${code.S3Bucket}/${code.S3Key}`);
  if (asset && statSync(asset).isDirectory()) return storeFolder(world, asset);
  if (asset) return storeZip(world, readFileSync(asset));
  return storeZip(world, await readObject(world, code.S3Bucket, code.S3Key, code.S3ObjectVersion));
}

function storeFolder(world: World, source: string): StoredCode {
  const hash = createHash("sha256");
  let size = 0;
  for (const file of filesUnder(source)) {
    const bytes = readFileSync(join(source, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
    size += bytes.length;
  }
  const sha256 = hash.digest("base64");
  return {
    folder: place(world, sha256, (folder) => cpSync(source, folder, { recursive: true })),
    sha256,
    size,
  };
}

function storeZip(world: World, bytes: Uint8Array): StoredCode {
  const sha256 = createHash("sha256").update(bytes).digest("base64");
  const folder = place(world, sha256, (target) => {
    for (const { name, content } of unzip(bytes)) {
      const file = resolve(target, name);
      if (!file.startsWith(target + sep))
        throw new ServiceException(
          "InvalidParameterValueException",
          `Could not unzip uploaded file: ${name} leaves the folder.`,
        );
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  });
  return { folder, sha256, size: bytes.length };
}

/** Fills a folder and only then gives it its name, so that a half-written one is never used. */
function place(world: World, sha256: string, fill: (folder: string) => void): string {
  const root = join(world.root, "functions");
  const folder = join(root, sha256.replaceAll("/", "_").replaceAll("+", "-").replaceAll("=", ""));
  if (existsSync(folder)) return folder;
  const temporary = join(root, `.${randomId(12)}`);
  mkdirSync(temporary, { recursive: true });
  fill(temporary);
  renameSync(temporary, folder);
  return folder;
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

async function readObject(
  world: World,
  Bucket: string,
  Key: string,
  VersionId?: string,
): Promise<Uint8Array> {
  try {
    const { Body } = await world.call<{ Body?: Uint8Array }>({
      service: "s3",
      operation: "GetObject",
      input: { Bucket, Key, ...(VersionId ? { VersionId } : {}) },
      principal: { type: "admin" },
    });
    return Body ?? new Uint8Array();
  } catch (error) {
    const { code, message } = error as ServiceException;
    throw new ServiceException(
      "InvalidParameterValueException",
      `Error occurred while GetObject. S3 Error Code: ${code}. S3 Error Message: ${message}`,
    );
  }
}
