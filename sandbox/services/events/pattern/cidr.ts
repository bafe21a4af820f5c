import { BlockList, isIP } from "node:net";
import { invalid } from "./invalid.ts";

/** Addresses inside a range, IPv4 or IPv6. */
export function cidr(wanted: unknown): (found: unknown) => boolean {
  if (typeof wanted !== "string") throw invalid("prefix match pattern must be a string");
  const [address = "", bits = "", ...more] = wanted.split("/");
  if (more.length > 0 || !wanted.includes("/")) throw invalid("Malformed CIDR, one '/' required");
  if (!/^\d+$/.test(bits)) throw invalid("Malformed CIDR, mask bits must be an integer");
  const family = isIP(address);
  if (family === 0) throw invalid(`Nonstandard IP address: ${address}`);
  const most = family === 4 ? 32 : 128;
  if (Number(bits) > most) throw invalid(`Malformed CIDR, mask bits must be >= 0 and <= ${most}`);
  const range = new BlockList();
  range.addSubnet(address, Number(bits), family === 4 ? "ipv4" : "ipv6");
  return (found) => {
    const kind = typeof found === "string" ? isIP(found) : 0;
    return kind !== 0 && range.check(found as string, kind === 4 ? "ipv4" : "ipv6");
  };
}
