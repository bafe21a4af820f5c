import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { certificateFor } from "../../../sandbox/engines/ca.ts";
import type { TestWorld } from "../../sandbox/front/harness.ts";
import { trust } from "./trust.ts";

/** An HTTPS server of this test, whose certificate this process trusts. `reply` may be changed at any time. */
export interface TestServer {
  url: string;
  reply: (response: ServerResponse, request: IncomingMessage) => void;
  close(): void;
}

export async function startServer({ world }: TestWorld): Promise<TestServer> {
  const { certPem, keyPem, caFile } = await certificateFor(world, ["localhost"]);
  trust(caFile);
  const server = createServer({ cert: certPem, key: keyPem }, (request, response) =>
    made.reply(response, request),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const made: TestServer = {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    reply: (response) => response.end("ok"),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return made;
}
