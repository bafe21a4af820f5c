import { request } from "node:https";
import { certificateFor } from "../../sandbox/engines/ca.ts";
import { hostOf, openedPort } from "../../sandbox/engines/hosts.ts";
import type { World } from "../../sandbox/world.ts";

export interface HttpsAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** One HTTPS request to a name of the sandbox, with the certificate checked: what a browser of one of its people does. */
export async function httpsRequest(
  world: World,
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<HttpsAnswer> {
  const { hostname, pathname, search } = new URL(url);
  const host = hostOf(world, hostname);
  if (!host) throw new Error(`The sandbox knows no host ${hostname}`);
  const { caPem } = await certificateFor(world, ["client"]);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: host.address,
        port: openedPort(443),
        servername: hostname,
        path: `${pathname}${search}`,
        method: options.method ?? "GET",
        headers: { host: hostname, ...options.headers },
        ca: caPem,
        agent: false,
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode!,
            headers: response.headers as Record<string, string>,
            body: Buffer.concat(parts).toString(),
          }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(options.body);
  });
}
