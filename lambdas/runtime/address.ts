import { lookup } from "node:dns/promises";
import { BlockList, isIPv6 } from "node:net";

const inside = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const)
  inside.addSubnet(network, bits, "ipv4");
for (const [network, bits] of [
  ["::", 127],
  ["fc00::", 7],
  ["fec0::", 10],
  ["ff00::", 8],
] as const)
  inside.addSubnet(network, bits, "ipv6");

/** Never, whatever the plan says: the metadata services of EC2, ECS and Lambda answer there. */
const never = new BlockList();
never.addSubnet("169.254.0.0", 16, "ipv4");
never.addSubnet("fe80::", 10, "ipv6");
never.addSubnet("fd00:ec2::", 32, "ipv6");

/**
 * An IPv4 address in the last 32 bits of an IPv6 one: of NAT64, which a VPC's NAT gateway turns back, also of a network's own
 * prefix, and the oldest way of writing it.
 */
const nat64 = new BlockList();
nat64.addSubnet("64:ff9b::", 96, "ipv6");
nat64.addSubnet("64:ff9b:1::", 48, "ipv6");
nat64.addSubnet("::", 96, "ipv6");

/** The IPv4 address that such an address stands for; any other address as it is. */
function translatedBack(address: string): string {
  if (!isIPv6(address) || !nat64.check(address, "ipv6")) return address;
  const { hostname } = new URL(`http://[${address}]/`); // in its shortest form: 64:ff9b::a9fe:a9fe
  const [low = 0, high = 0] = hostname
    .slice(1, -1)
    .split(":")
    .toReversed()
    .map((part) => Number.parseInt(part || "0", 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** Resolves a host and refuses what must not be asked; the request then goes to this very address. */
export async function allowedAddress(
  host: string,
  allowPrivate: boolean,
): Promise<{ address: string } | { refused: string }> {
  const { address } = await lookup(host.replace(/^\[(.*)\]$/, "$1"));
  const meant = translatedBack(address);
  const family = isIPv6(meant) ? "ipv6" : "ipv4";
  if (never.check(meant, family))
    return { refused: `${host} is ${address}, a link-local address, which is never asked` };
  if (!allowPrivate && inside.check(meant, family))
    return { refused: `${host} is ${address}, a private address; the plan does not allow it (allowPrivate)` };
  return { address };
}
