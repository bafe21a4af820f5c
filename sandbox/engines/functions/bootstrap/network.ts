import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import tls from "node:tls";

/** What the sandbox adds to ports below 1024, which an ordinary user may not open: 443 → 20443. */
const PORT_OFFSET = 20_000;

interface Found {
  address: string;
  family: number;
}
type LookupOptions = { family?: number | string; all?: boolean };
type LookupCallback = (error: Error | null, address?: string | Found[], family?: number) => void;

/** Names are resolved by the sandbox's DNS server and well-known ports lead to the sandbox's hosts. */
export function installNetwork(server: { host: string; port: number } | undefined): void {
  const resolver = new dns.promises.Resolver({ timeout: 2000, tries: 3 });
  if (server) {
    const servers = [`${server.host}:${server.port}`];
    resolver.setServers(servers);
    // New resolvers of the function's code begin with these.
    dns.setServers(servers);
    dns.promises.setServers(servers);
    patchResolver(servers);
  }

  async function find(hostname: string, family: number): Promise<Found[]> {
    if (hostname === "" || hostname === "localhost" || hostname.endsWith(".localhost"))
      return [{ address: "127.0.0.1", family: 4 }];
    const literal = net.isIP(hostname);
    if (literal) return [{ address: hostname, family: literal }];
    if (!server) throw unknownName(hostname, "ENOTFOUND");
    try {
      const addresses = family === 6 ? await resolver.resolve6(hostname) : await resolver.resolve4(hostname);
      return addresses.map((address) => ({ address, family: family === 6 ? 6 : 4 }));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // getaddrinfo knows two answers: there is no such name, or try again.
      const again = code === "ETIMEOUT" || code === "ECONNREFUSED" || code === "ESERVFAIL";
      throw unknownName(hostname, again ? "EAI_AGAIN" : "ENOTFOUND");
    }
  }

  function lookup(hostname: string, options: unknown, callback?: LookupCallback): void {
    const answer = (typeof options === "function" ? options : callback) as LookupCallback;
    const { family, all } = lookupOptions(options);
    find(hostname ?? "", family).then(
      (found) => (all ? answer(null, found) : answer(null, found[0]!.address, found[0]!.family)),
      (error: Error) => answer(error),
    );
  }
  async function lookupPromise(hostname: string, options?: unknown): Promise<Found | Found[]> {
    const { family, all } = lookupOptions(options);
    const found = await find(hostname, family);
    return all ? found : found[0]!;
  }
  Object.assign(dns, { lookup });
  Object.assign(dns.promises, { lookup: lookupPromise });
  installPortShift();
  syncBuiltinESMExports();
}

/** A resolver that the function's code makes asks the VPC's resolver, which is the sandbox's. */
function patchResolver(servers: string[]): void {
  const { Resolver } = dns.promises;
  class VpcResolver extends Resolver {
    constructor(...options: ConstructorParameters<typeof Resolver>) {
      super(...options);
      this.setServers(servers);
    }
  }
  Object.assign(dns.promises, { Resolver: VpcResolver });
}

function lookupOptions(options: unknown): { family: number; all: boolean } {
  if (typeof options === "number") return { family: options, all: false };
  if (typeof options !== "object" || options === null) return { family: 0, all: false };
  const { family, all } = options as LookupOptions;
  return { family: Number(String(family ?? 0).replace("IPv", "")), all: all ?? false };
}

function unknownName(hostname: string, code: "ENOTFOUND" | "EAI_AGAIN"): NodeJS.ErrnoException {
  return Object.assign(new Error(`getaddrinfo ${code} ${hostname}`), {
    code,
    errno: code === "ENOTFOUND" ? -3008 : -3001,
    syscall: "getaddrinfo",
    hostname,
  });
}

/** Names only lead to loopback addresses here, so a port is shifted for every name and for 127.0.0.0/8. */
function installPortShift(): void {
  const connect = net.Socket.prototype.connect as (...parameters: unknown[]) => net.Socket;
  function shiftedConnect(this: net.Socket, ...parameters: unknown[]): net.Socket {
    // net.connect hands over its parameters already normalised, as one array.
    const first = parameters[0];
    if (Array.isArray(first)) first[0] = shift(first[0] as object);
    else if (typeof first === "object" && first !== null) parameters[0] = shift(first);
    else if (isPort(first)) {
      const host = typeof parameters[1] === "string" ? parameters[1] : "localhost";
      parameters[0] = shiftPort(Number(first), host);
    }
    return connect.apply(this, parameters);
  }
  net.Socket.prototype.connect = shiftedConnect as typeof net.Socket.prototype.connect;
}

function isPort(value: unknown): boolean {
  return typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value));
}

function shift(options: object): object {
  const { port, host, path } = options as { port?: unknown; host?: string; path?: string };
  if (path || !isPort(port)) return options;
  return { ...options, port: shiftPort(Number(port), host ?? "localhost") };
}

function shiftPort(port: number, host: string): number {
  const inside = net.isIP(host) === 0 || host.startsWith("127.");
  return port > 0 && port < 1024 && inside ? port + PORT_OFFSET : port;
}

/** The process started with the sandbox's authority trusted; a function that did not ask for it must not have it. */
export function forgetSandboxCa(): void {
  tls.setDefaultCACertificates(tls.getCACertificates("bundled"));
}
