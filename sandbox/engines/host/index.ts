import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { stateOf, type World } from "../../world.ts";
import { allocateHost } from "../hosts.ts";
import { Docker } from "./docker.ts";
import { Init } from "./init.ts";
import { installShims } from "./shims.ts";

export { nginxProgram } from "./shims.ts";

/** A machine of the sandbox: a folder that stands for its `/`, an address of its own, real processes as its services. */
export interface ManagedHost {
  /** As EC2 names it, `i-…`. */
  instanceId: string;
  /** Its name in the sandbox's DNS. */
  name: string;
  /** Its loopback address. */
  address: string;
  folder: string;
  /** PATH of everything that runs on it: the sandbox's stand-ins first. */
  path: string;
  init: Init;
  docker: Docker;
  /** False: its agent does not answer Systems Manager. Its services run on. */
  online: boolean;
  /** Sandbox time, epoch milliseconds. */
  registeredAt: number;
  lastPingAt: number;
}

/** The hosts of a world by instance id. */
export const managedHosts = stateOf(() => new Map<string, ManagedHost>());

const FOLDERS = ["etc/systemd/system", "opt", "root", "run/lock", "tmp", "var/log", "var/lib"];

/** Makes a host with an agent that is online, and no services yet. */
export async function createHost(
  world: World,
  given: { instanceId: string; name: string; ports: number[] },
): Promise<ManagedHost> {
  const { address } = await allocateHost(world, given.name, given.ports);
  const folder = join(world.root, "hosts", given.instanceId);
  for (const each of FOLDERS) mkdirSync(join(folder, each), { recursive: true });
  // Node.js of this very process: services of a scenario are written for it.
  const node = join(process.execPath, "..");
  const path = [join(folder, "usr/local/sbin"), node, "/usr/local/bin", "/usr/sbin", "/usr/bin", "/bin"].join(
    ":",
  );
  const init = new Init(world, { folder, path });
  const docker = new Docker(world, { folder, path });
  const shims = installShims(
    folder,
    { systemctl: (words) => init.systemctl(words), docker: (words) => docker.docker(words) },
    1000 / world.clock.workMilliseconds(1),
  );
  world.onStop(async () => {
    shims.close();
    await Promise.all([init.stop(), docker.stop()]);
  });
  const now = world.clock.now();
  const host: ManagedHost = {
    ...given,
    address,
    folder,
    path,
    init,
    docker,
    online: true,
    registeredAt: now,
    lastPingAt: now,
  };
  managedHosts(world).set(given.instanceId, host);
  return host;
}
