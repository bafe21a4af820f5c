import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** The model provider the lab depends on: answers to one key and to no other. */
export function startProvider(key: string): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const known = request.headers.authorization === `Bearer ${key}`;
    response.writeHead(known ? 200 : 401, { "content-type": "application/json" });
    response.end(
      JSON.stringify(known ? { providers: ["north", "south", "east"] } : { error: "unknown key" }),
    );
  });
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () =>
      resolve({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        close: () =>
          new Promise((closed) => {
            server.closeAllConnections();
            server.close(() => closed());
          }),
      }),
    ),
  );
}
