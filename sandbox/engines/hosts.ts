import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { stateOf, type World } from "../world.ts";

/** A named host of the sandbox: its own loopback address. */
export interface Host {
  name: string;
  address: string;
  ports: number[];
}

/** Ports below 1024 need root on most machines; a host opens them this much higher. */
export const portOffset = 20_000;

/** The port a host really opens for `port`. */
export const openedPort = (port: number): number => (port < 1024 ? port + portOffset : port);

const registry = stateOf(() => new Map<string, Host>());
const TRIES = 50;

/**
 * Gives `name` a loopback address of its own on which all `ports` are free (127.x.y.z, tried by binding). Linux
 * has the whole range without configuration; elsewhere it throws with what to configure.
 */
export async function allocateHost(world: World, name: string, ports: number[]): Promise<Host> {
  const known = registry(world).get(name.toLowerCase());
  if (known) return known;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const address = `127.${randomInt(16, 240)}.${randomInt(0, 256)}.${randomInt(2, 254)}`;
    const free = await Promise.all(ports.map((port) => canBind(address, openedPort(port))));
    if (free.includes("no such address"))
      throw new Error(
        `This machine has no loopback address ${address}, so the sandbox cannot give ${name} one of its own. ` +
          "Linux has them all; on macOS add aliases to lo0, or run the sandbox in a Linux virtual machine. Nothing was started.",
      );
    if (free.some((each) => each !== "free")) continue;
    // Somebody else may have asked for the same name meanwhile: it has one address.
    const meanwhile = registry(world).get(name.toLowerCase());
    if (meanwhile) return meanwhile;
    const host = { name: name.toLowerCase(), address, ports };
    registry(world).set(host.name, host);
    return host;
  }
  throw new Error(
    `No free loopback address was found for ${name} with the ports ${ports.join(", ")} in ${TRIES} tries. Nothing was started.`,
  );
}

/** A further name of a host that exists. */
export function aliasHost(world: World, name: string, host: Host): void {
  registry(world).set(name.toLowerCase(), { ...host, name: name.toLowerCase() });
}

/** The host behind a name; undefined when there is none. */
export function hostOf(world: World, name: string): Host | undefined {
  return registry(world).get(name.toLowerCase());
}

/** Gives a name back; what still listens there is its owner's business. */
export function releaseHost(world: World, name: string): void {
  registry(world).delete(name.toLowerCase());
}

/** Moves a name to a host that exists: an instance that was renamed keeps its address. */
export function renameHost(world: World, from: string, to: string): void {
  const host = hostOf(world, from);
  if (!host) return;
  releaseHost(world, from);
  registry(world).set(to.toLowerCase(), { ...host, name: to.toLowerCase() });
}

function canBind(address: string, port: number): Promise<"free" | "taken" | "no such address"> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      resolve(error.code === "EADDRNOTAVAIL" ? "no such address" : "taken"),
    );
    server.listen(port, address, () => server.close(() => resolve("free")));
  });
}
