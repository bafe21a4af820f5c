import { BlockList, isIP } from "node:net";
import { invalid } from "./index.ts";

/** Addresses inside a range, IPv4 or IPv6. */
export function cidr(wanted: unknown): (found: unknown) => boolean {
  const fail = () =>
    invalid(
      `Event pattern is not valid. Reason: Malformed CIDR, one '/' required, or a malformed address: ${JSON.stringify(wanted)}`,
    );
  if (typeof wanted !== "string")
    throw invalid("Event pattern is not valid. Reason: prefix match pattern must be a string");
  const [address = "", bits = "", ...more] = wanted.split("/");
  const family = isIP(address);
  if (family === 0 || more.length > 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128))
    throw fail();
  const range = new BlockList();
  range.addSubnet(address, Number(bits), family === 4 ? "ipv4" : "ipv6");
  return (found) =>
    typeof found === "string" && isIP(found) !== 0 && range.check(found, isIP(found) === 4 ? "ipv4" : "ipv6");
}
