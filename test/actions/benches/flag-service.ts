import { createServer } from "node:https";
import type { Sandbox } from "../../../sandbox/sandbox.ts";

export const FLAG_HOST = "flags.configuration.example";
export const FLAG_TOKEN = "flags-token-of-the-bench";

/** A flag service of the usual kind: `GET` and `PATCH /flags/retry`, and `POST /broadcast`. */
export interface FlagService {
  rollout: number;
  /** Every request that had an effect, by its Idempotency-Key. */
  effects: string[];
  broadcasts: string[];
  /** How the next changing requests go wrong: done, and then the connection breaks. */
  loseReplies: number;
}

/** By sandbox, for the fixtures. */
export const flagServices = new WeakMap<Sandbox, FlagService>();

/** Starts it on an address of its own; it stops with the sandbox. */
export async function startFlagService(sandbox: Sandbox): Promise<void> {
  const { address } = await sandbox.allocateHost(FLAG_HOST, [443]);
  const { certPem, keyPem } = await sandbox.certificate([FLAG_HOST]);
  const service: FlagService = { rollout: 50, effects: [], broadcasts: [], loseReplies: 0 };
  flagServices.set(sandbox, service);
  const server = createServer({ cert: certPem, key: keyPem }, (request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => {
      body += part;
    });
    request.on("end", () => {
      const answer = (status: number, value: unknown) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(value));
      };
      if (request.headers.authorization !== `Bearer ${FLAG_TOKEN}`) return answer(401, { error: "token" });
      if (request.method !== "GET") {
        const key = String(request.headers["idempotency-key"]);
        if (!service.effects.includes(key)) {
          service.effects.push(key);
          if (request.url === "/broadcast") service.broadcasts.push(body);
          else service.rollout = (JSON.parse(body) as { rollout: number }).rollout;
        }
        if (service.loseReplies > 0) {
          service.loseReplies -= 1;
          return request.socket.destroy();
        }
      }
      answer(200, { rollout: service.rollout });
    });
  });
  await new Promise<void>((listening) => server.listen(443 + sandbox.portOffset, address, listening));
  sandbox.world.onStop(() => {
    server.closeAllConnections();
    server.close();
  });
}
