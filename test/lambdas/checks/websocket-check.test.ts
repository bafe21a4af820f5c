import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { measure, misses } from "../../../lambdas/checks/websocket-check/handler.ts";
import { websocketCheck } from "../../../lambdas/checks/websocket-check/spec.ts";
import { certificateFor } from "../../../sandbox/engines/ca.ts";
import { secretsmanager } from "../../../sandbox/services/secretsmanager/index.ts";
import { openWorld, type TestWorld } from "../../sandbox/front/harness.ts";
import { lambdaEnvironment } from "../environment.ts";
import { trust } from "./trust.ts";

describe("what a message must be", () => {
  const none = { send: "ping", echo: false };

  it("is met by the echo, the text, the members, and by anything when nothing is asked", () => {
    expect(misses({ ...none, echo: true }, "ping")).toEqual([]);
    expect(misses({ send: { a: 1 }, echo: true }, '{"a":1}')).toEqual([]);
    expect(misses({ ...none, contains: "po" }, "pong")).toEqual([]);
    expect(misses({ ...none, json: { ok: { x: 1, y: 2 } } }, '{"ok":{"y":2,"x":1},"more":1}')).toEqual([]);
    expect(misses(none, "anything")).toEqual([]);
  });

  it.each([
    ["another text", { ...none, echo: true }, "pong"],
    ["a text without it", { ...none, contains: "pong" }, "ping"],
    ["another member", { ...none, json: { ok: true } }, '{"ok":false}'],
    ["a missing member", { ...none, json: { ok: null } }, "{}"],
    ["no JSON", { ...none, json: { ok: true } }, "<html>"],
    ["JSON without members", { ...none, json: { ok: true } }, "null"],
  ])("is missed by %s", (_, input, message) => {
    expect(misses(input, message)).toHaveLength(1);
  });
});

describe("a conversation", () => {
  let test: TestWorld;
  let server: Server;
  let sockets: WebSocketServer;
  let port: number;
  let serve: (socket: WebSocket) => void;
  let authorization: string | undefined;
  const measured = (more: object = {}) =>
    measure(
      websocketCheck.input.parse({
        url: `wss://localhost:${port}/ws/bridge`,
        allowPrivate: true,
        withinMilliseconds: 2_000,
        ...more,
      }),
    );

  beforeAll(async () => {
    test = await openWorld([secretsmanager]);
    lambdaEnvironment(test);
    await new SecretsManagerClient(test.admin).send(
      new CreateSecretCommand({ Name: "tunnel/token", SecretString: '{"token":"canary-token"}' }),
    );
    const { certPem: cert, keyPem: key, caFile } = await certificateFor(test.world, ["localhost"]);
    server = createServer({ cert, key }, (_, response) => response.writeHead(502).end());
    sockets = new WebSocketServer({ noServer: true });
    server.on("upgrade", (request, socket, head) => {
      authorization = request.headers.authorization;
      if (request.url === "/ws/bridge") sockets.handleUpgrade(request, socket, head, (each) => serve(each));
      else socket.end("HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
    serve = () => undefined;
    expect(await measured()).toMatchObject({ verdict: "failed", value: "not opened" }); // nobody trusts it yet
    trust(caFile);
  });
  afterAll(async () => {
    for (const each of sockets.clients) each.terminate();
    server.closeAllConnections();
    server.close();
    await test.close();
  });

  it("passes on an echo and on a JSON answer, whatever is said before it", async () => {
    serve = (socket) => {
      socket.send('{"type":"welcome"}');
      socket.on("message", (data) => {
        socket.send(data.toString());
        socket.send('{"type":"pong","id":7}');
      });
    };

    expect(await measured({ send: "hello", echo: true })).toMatchObject({
      verdict: "passed",
      value: expect.stringMatching(/^answered after \d+ ms$/),
    });
    expect(await measured({ send: { type: "ping", id: 7 }, json: { type: "pong", id: 7 } })).toMatchObject({
      verdict: "passed",
    });
  });

  it("passes on the opening alone where nothing more is asked", async () => {
    serve = () => undefined;

    expect(await measured()).toMatchObject({ verdict: "passed" });
  });

  it("fails when the answer is another one, never comes, or the other side closes", async () => {
    serve = (socket) => socket.on("message", () => socket.send('{"type":"error"}'));
    const other = await measured({ send: "x", json: { type: "pong" }, withinMilliseconds: 300 });
    serve = () => undefined;
    const silent = await measured({ send: "x", echo: true, withinMilliseconds: 300 });
    serve = (socket) => socket.close(1011, "bridge is down");
    const closed = await measured({ send: "x", echo: true });

    expect(other).toMatchObject({
      verdict: "failed",
      evidence: [
        expect.anything(),
        "no such answer after 300 ms",
        expect.stringContaining('type = "error", not "pong"'),
      ],
    });
    expect(silent).toMatchObject({ verdict: "failed", value: expect.stringContaining("silent") });
    expect(closed.evidence).toContain("the other side closed it with 1011 bridge is down");
    expect(closed.verdict).toBe("failed");
  });

  it("fails where the upgrade is refused, nobody listens, or there is no such host", async () => {
    for (const url of [`wss://localhost:${port}/other`, "wss://localhost:1/", "wss://nowhere.invalid/"])
      expect(await measured({ url }), url).toMatchObject({ verdict: "failed" });
  });

  it("is given up when messages come without end", async () => {
    serve = (socket) => {
      for (let count = 0; count < 200; count += 1) socket.send(`noise ${count}`);
    };

    expect(await measured({ send: "x", echo: true })).toMatchObject({
      verdict: "failed",
      evidence: expect.arrayContaining([expect.stringContaining("100 messages came")]),
    });
  });

  it("is not opened to an address that the plan does not allow, nor for an echo of nothing: errors", async () => {
    expect(await measured({ allowPrivate: false })).toMatchObject({ verdict: "error" });
    expect(await measured({ echo: true })).toMatchObject({ verdict: "error" });
  });

  it("carries a token from Secrets Manager, which is in no answer", async () => {
    serve = () => undefined;

    const found = await measured({ token: { secret: "tunnel/token" } });

    expect(authorization).toBe("Bearer canary-token");
    expect(JSON.stringify(found)).not.toContain("canary-token");
  });
});

describe("the input", () => {
  it.each(["ws://example.com", "https://example.com", "example.com", ""])("refuses %j: wss only", (url) =>
    expect(websocketCheck.input.safeParse({ url }).success).toBe(false),
  );
});
