import { get as httpGet } from "node:http";
import { get as httpsGet } from "node:https";
import type { Container, Probe } from "../objects.ts";

/** Least machine milliseconds that an answer may take: the machine is as slow as it is. */
const LEAST_MILLISECONDS = 1_000;

/** Asks a container; true when it answered with 200 to 399. */
export function probed(
  probe: Probe,
  container: Container,
  ip: string,
  milliseconds: number,
): Promise<boolean> {
  const { path = "/", port, scheme } = probe.httpGet!;
  const number =
    typeof port === "number" ? port : container.ports?.find(({ name }) => name === port)?.containerPort;
  const get = scheme === "HTTPS" ? httpsGet : httpGet;
  return new Promise((resolve) => {
    const request = get(
      {
        host: ip,
        port: number,
        path,
        agent: false,
        timeout: Math.max(LEAST_MILLISECONDS, milliseconds),
        // The kubelet trusts whatever certificate it is shown.
        rejectUnauthorized: false,
      },
      (response) => {
        response.resume();
        resolve((response.statusCode ?? 500) < 400);
      },
    );
    request.on("timeout", () => request.destroy(new Error("no answer in time")));
    request.on("error", () => resolve(false));
  });
}
