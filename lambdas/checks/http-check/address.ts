import { lookup } from "node:dns/promises";
import { BlockList, isIPv6 } from "node:net";

const inside = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const)
  inside.addSubnet(network, bits, "ipv4");
for (const [network, bits] of [
  ["::", 127],
  ["fc00::", 7],
] as const)
  inside.addSubnet(network, bits, "ipv6");

/** Never, whatever the plan says: the metadata services of EC2, ECS and Lambda answer there. */
const never = new BlockList();
never.addSubnet("169.254.0.0", 16, "ipv4");
never.addSubnet("fe80::", 10, "ipv6");
never.addAddress("fd00:ec2::254", "ipv6");

/** Resolves a host and refuses what must not be asked; the request then goes to this very address. */
export async function allowedAddress(
  host: string,
  allowPrivate: boolean,
): Promise<{ address: string } | { refused: string }> {
  const { address } = await lookup(host);
  const family = isIPv6(address) ? "ipv6" : "ipv4";
  if (never.check(address, family))
    return { refused: `${host} is ${address}, a link-local address, which is never asked` };
  if (!allowPrivate && inside.check(address, family))
    return { refused: `${host} is ${address}, a private address; the plan does not allow it (allowPrivate)` };
  return { address };
}
