import { connect } from "node:net";
import type { HealthCheckConfig } from "@aws-sdk/client-route-53";
import { resolveName } from "../../engines/dns.ts";
import { portOffset } from "../../engines/hosts.ts";
import type { World } from "../../world.ts";
import { type Probe, probes } from "./probes.ts";

/** Time a checker gives an endpoint, seconds (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html). */
const ANSWER_SECONDS = 4;

/** Begins to check an endpoint for real, every `RequestInterval` of sandbox time. */
export function startProbe(world: World, id: string, config: HealthCheckConfig): void {
  probes(world).get(id)?.cancel();
  const probe: Probe = {
    healthy: true,
    status: "Success: not checked yet",
    checkedAt: world.clock.now(),
    streak: 0,
    cancel: () => {},
  };
  probes(world).set(id, probe);
  if (config.Type === "CALCULATED" || config.Type === "RECOVERY_CONTROL" || config.Disabled) return;
  const check = async () => {
    const problem = await problemOf(world, config);
    probe.checkedAt = world.clock.now();
    probe.status = problem === undefined ? "Success: HTTP Status Code 200, OK" : `Failure: ${problem}`;
    const good = problem === undefined;
    probe.streak = good === probe.healthy ? 0 : probe.streak + 1;
    if (probe.streak < (config.FailureThreshold ?? 3)) return;
    probe.healthy = good;
    probe.streak = 0;
    world.log("route53", `Health check ${id} is now ${good ? "healthy" : "unhealthy"}`, {
      status: probe.status,
    });
  };
  const run = () =>
    void check().catch((error: Error) => world.log("route53", `Health check ${id}: ${error.message}`));
  probe.cancel = world.clock.every((config.RequestInterval ?? 30) * 1000, run);
  world.onStop(probe.cancel);
  run();
}

export function stopProbe(world: World, id: string): void {
  probes(world).get(id)?.cancel();
  probes(world).delete(id);
}

async function problemOf(world: World, config: HealthCheckConfig): Promise<string | undefined> {
  const secure = config.Type?.startsWith("HTTPS");
  const port = config.Port ?? (secure ? 443 : 80);
  const host = config.IPAddress ?? resolveName(world, config.FullyQualifiedDomainName ?? "")[0];
  if (!host) return `DNS resolution failed: ${config.FullyQualifiedDomainName} has no address`;
  // Only what runs in the sandbox is reached: a private address of a real network is nobody here.
  if (!host.startsWith("127."))
    return "The health checker could not establish a connection within the timeout limit.";
  const at = port < 1024 ? port + portOffset : port;
  const timeout = world.clock.workMilliseconds(ANSWER_SECONDS);
  if (config.Type === "TCP") return tcpProblem(host, at, timeout);
  const http = await import(secure ? "node:https" : "node:http");
  return new Promise((resolve) => {
    const request = http.get(
      {
        host,
        port: at,
        path: config.ResourcePath || "/",
        headers: {
          host: config.FullyQualifiedDomainName ?? host,
          "user-agent": "Amazon-Route53-Health-Check-Service",
        },
        // Route 53 does not validate certificates.
        rejectUnauthorized: false,
        timeout,
      },
      (response: import("node:http").IncomingMessage) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (text: string) => {
          body = (body + text).slice(0, 5120);
        });
        response.on("end", () => {
          const status = response.statusCode ?? 0;
          if (status < 200 || status >= 400) resolve(`HTTP Status Code ${status}, ${response.statusMessage}`);
          else if (config.Type?.endsWith("_STR_MATCH") && !body.includes(config.SearchString ?? ""))
            resolve("The search string was not found in the response.");
          else resolve(undefined);
        });
      },
    );
    request.on("timeout", () =>
      request.destroy(new Error("The health checker did not receive an answer in time.")),
    );
    request.on("error", (error: Error) => resolve(error.message));
  });
}

function tcpProblem(host: string, port: number, timeout: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout });
    const done = (problem: string | undefined) => {
      socket.destroy();
      resolve(problem);
    };
    socket.on("connect", () => done(undefined));
    socket.on("timeout", () =>
      done("The health checker could not establish a connection within the timeout limit."),
    );
    socket.on("error", (error) => done(error.message));
  });
}
