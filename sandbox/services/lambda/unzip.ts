import { inflateRawSync } from "node:zlib";
import { ServiceException } from "../../service.ts";

/** Largest unpacked code, bytes (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
const MAX_UNZIPPED_BYTES = 262_144_000;

export interface ZipEntry {
  name: string;
  content: Uint8Array;
}

/** Reads a zip archive by its central directory (APPNOTE 6.3, stored and deflated entries; no ZIP64). */
export function unzip(archive: Uint8Array): ZipEntry[] {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > bytes.length) throw notAZip();
  const entries: ZipEntry[] = [];
  let total = 0;
  let at = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count--) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) throw notAZip();
    const method = bytes.readUInt16LE(at + 10);
    const packed = bytes.readUInt32LE(at + 20);
    const unpacked = bytes.readUInt32LE(at + 24);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((each) =>
      bytes.readUInt16LE(at + each),
    ) as [number, number, number];
    const name = bytes.toString("utf8", at + 46, at + 46 + nameLength);
    const local = bytes.readUInt32LE(at + 42);
    at += 46 + nameLength + extraLength + commentLength;
    total += unpacked;
    if (total > MAX_UNZIPPED_BYTES)
      throw new ServiceException(
        "InvalidParameterValueException",
        `Unzipped size must be smaller than ${MAX_UNZIPPED_BYTES} bytes`,
      );
    if (name.endsWith("/")) continue;
    if (local + 30 > bytes.length) throw notAZip();
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(start, start + packed);
    if (method === 0) entries.push({ name, content: data });
    else if (method === 8)
      entries.push({ name, content: inflateRawSync(data, { maxOutputLength: unpacked + 1 }) });
    else
      throw new ServiceException(
        "InvalidParameterValueException",
        `Could not unzip uploaded file: compression method ${method} of ${name} is not supported.`,
      );
  }
  return entries;
}

function notAZip(): ServiceException {
  return new ServiceException(
    "InvalidParameterValueException",
    "Could not unzip uploaded file. Please check your file, then try to upload again.",
  );
}
