import { crc32 } from "node:zlib";

/**
 * A ZIP archive of one file, stored as it is: what Lambda takes as code. The fields are those of PKWARE's APPNOTE.TXT,
 * 4.3.7, 4.3.12 and 4.3.16.
 */
export function zipOf(name: string, text: string): Uint8Array {
  const file = Buffer.from(name);
  const data = Buffer.from(text);
  /** Version needed, flags, method, time, date, CRC, sizes and the name's length: the same in both headers. */
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(0x21, 8); // 1 January 1980
  common.writeUInt32LE(crc32(data), 10);
  common.writeUInt32LE(data.length, 14);
  common.writeUInt32LE(data.length, 18);
  common.writeUInt16LE(file.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, file, data]);
  const attributes = Buffer.alloc(14);
  attributes.writeUInt32LE(0o100644 * 2 ** 16, 6);
  const directory = Buffer.concat([Buffer.from("PK\x01\x02\x14\x03", "latin1"), common, attributes, file]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, directory, end]);
}
