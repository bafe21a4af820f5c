import { randomInt } from "node:crypto";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import type { World } from "../../world.ts";
import { holds } from "./actions.ts";
import { forwardsOf, type Listener, type Target, type TargetGroup, targetGroups } from "./state.ts";

/** Seconds a target may take to answer (the load balancer's idle timeout). */
const IDLE_SECONDS = 60;

/** The target group that a request goes to: the first rule that holds, then by weight; weight 0 gets nothing. */
function groupFor(world: World, listener: Listener, path: string): TargetGroup | undefined {
  const rule = listener.rules.find((each) => holds(each.conditions, path));
  const forwards = forwardsOf(rule?.actions ?? []).filter(({ Weight }) => Weight > 0);
  const total = forwards.reduce((sum, { Weight }) => sum + Weight, 0);
  if (total === 0) return undefined;
  let drawn = randomInt(total);
  const chosen = forwards.find(({ Weight }) => {
    drawn -= Weight;
    return drawn < 0;
  })!;
  return targetGroups(world).get(chosen.TargetGroupArn);
}

/**
 * The next target of a group, in turn. With no healthy target the balancer asks the others all the same
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html).
 */
function targetOf(group: TargetGroup): Target | undefined {
  const all = [...group.targets.values()].filter(({ health }) => health.State !== "draining");
  const healthy = all.filter(({ health }) => health.State === "healthy");
  const from = healthy.length > 0 ? healthy : all;
  group.turn += 1;
  return from[group.turn % from.length];
}

/** Hands one request to a target and its answer back: 503 without a target, 502 without an answer, 504 too late. */
export function forward(
  world: World,
  listener: Listener,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  const group = groupFor(world, listener, (incoming.url ?? "/").split("?")[0]!);
  const target = group && targetOf(group);
  if (!target) {
    refuse(outgoing, 503, "Service Temporarily Unavailable");
    incoming.resume();
    return;
  }
  const sent = request(
    {
      host: target.id,
      port: target.port,
      method: incoming.method,
      path: incoming.url,
      timeout: world.clock.workMilliseconds(IDLE_SECONDS),
      headers: {
        ...incoming.headers,
        "x-forwarded-for": incoming.socket.remoteAddress ?? "",
        "x-forwarded-proto": listener.protocol.toLowerCase(),
        "x-forwarded-port": String(listener.port),
      },
    },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      answer.on("error", () => outgoing.destroy());
    },
  );
  sent.on("timeout", () => sent.destroy(Object.assign(new Error("too late"), { code: "ETIMEDOUT" })));
  sent.on("error", (error: NodeJS.ErrnoException) =>
    error.code === "ETIMEDOUT"
      ? refuse(outgoing, 504, "Gateway Time-out")
      : refuse(outgoing, 502, "Bad Gateway"),
  );
  outgoing.on("close", () => sent.destroy());
  incoming.pipe(sent);
}

function refuse(outgoing: ServerResponse, status: number, text: string): void {
  if (outgoing.headersSent) return void outgoing.destroy();
  outgoing.writeHead(status, { "content-type": "text/html", server: "awselb/2.0" });
  outgoing.end(`<html><head><title>${status} ${text}</title></head></html>\n`);
}
