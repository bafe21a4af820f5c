import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { ServiceException } from "../../service.ts";

/** Checksums that a writer sent and the sandbox keeps, base64. */
export interface Checksums {
  ChecksumCRC32?: string | undefined;
  ChecksumSHA1?: string | undefined;
  ChecksumSHA256?: string | undefined;
}

const digest = (algorithm: string) => (body: Uint8Array) =>
  createHash(algorithm).update(body).digest("base64");

const ALGORITHMS: Record<keyof Checksums, (body: Uint8Array) => string> = {
  ChecksumCRC32: (body) => {
    const four = Buffer.alloc(4);
    four.writeUInt32BE(crc32(body));
    return four.toString("base64");
  },
  ChecksumSHA1: digest("sha1"),
  ChecksumSHA256: digest("sha256"),
};

/**
 * Checks the body against each checksum the writer sent and gives those to keep. CRC32C, CRC64NVME and the newer
 * ones are neither checked nor kept; S3 answers BadDigest for a body that arrived damaged.
 */
export function checkedSums(
  body: Uint8Array,
  given: Checksums & { ContentMD5?: string | undefined },
): Checksums {
  if (given.ContentMD5 && given.ContentMD5 !== digest("md5")(body))
    throw new ServiceException("BadDigest", "The Content-MD5 you specified did not match what we received.");
  const kept: Checksums = {};
  for (const [name, compute] of Object.entries(ALGORITHMS) as [
    keyof Checksums,
    (body: Uint8Array) => string,
  ][]) {
    if (given[name] === undefined) continue;
    if (given[name] !== compute(body)) {
      const algorithm = name.replace("Checksum", "");
      throw new ServiceException(
        "BadDigest",
        `The ${algorithm} you specified did not match the calculated checksum.`,
      );
    }
    kept[name] = given[name];
  }
  return kept;
}
