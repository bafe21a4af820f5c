import { BlockList, isIP } from "node:net";
import { Mistake } from "./invalid.ts";
import type { Node } from "./nodes.ts";

/** Addresses inside a range, IPv4 or IPv6. */
export function cidr(wanted: Node): (found: unknown) => boolean {
  if (wanted.kind !== "string") throw new Mistake("prefix match pattern must be a string", wanted.at);
  const [address = "", bits = "", ...more] = wanted.value.split("/");
  if (more.length > 0 || !wanted.value.includes("/")) throw new Mistake("Malformed CIDR, one '/' required");
  if (!/^[+-]?\d+$/.test(bits)) throw new Mistake("Malformed CIDR, mask bits must be an integer");
  if (Number(bits) < 0) throw new Mistake("Malformed CIDR, mask bits must not be negative");
  const family = isIP(address);
  if (family === 0) throw new Mistake(`Nonstandard IP address: ${address}`);
  const most = family === 4 ? 32 : 128;
  if (Number(bits) >= most) throw new Mistake(`IPv${family} mask bits must be < ${most}`);
  const range = new BlockList();
  range.addSubnet(address, Number(bits), family === 4 ? "ipv4" : "ipv6");
  return (found) => {
    const kind = typeof found === "string" ? isIP(found) : 0;
    return kind !== 0 && range.check(found as string, kind === 4 ? "ipv4" : "ipv6");
  };
}
