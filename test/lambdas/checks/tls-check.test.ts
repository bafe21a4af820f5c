import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer as createPlainServer } from "node:net";
import { createServer, type Server } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { faults, measure } from "../../../lambdas/checks/tls-check/handler.ts";
import type { Presented } from "../../../lambdas/checks/tls-check/presented.ts";
import { tlsCheck } from "../../../lambdas/checks/tls-check/spec.ts";
import { certificateFor, type Flaw } from "../../../sandbox/engines/ca.ts";
import { openWorld, type TestWorld } from "../../sandbox/front/harness.ts";
import { trust } from "./trust.ts";

const DAY = 86_400_000;
const NOW = Date.parse("2026-01-08T10:00:00Z");
const fine: Presented = {
  subject: "CN=a",
  issuer: "CN=b",
  validFrom: NOW - DAY,
  validTo: NOW + 30 * DAY,
  sha256: "ab".repeat(32),
  chainError: undefined,
  nameError: undefined,
};

describe("what a certificate must be", () => {
  it("holds when a client would take it for as long as asked", () => {
    expect(faults({ daysLeft: 30 }, fine, NOW)).toEqual([]);
    expect(faults({ daysLeft: 0, sha256: fine.sha256 }, { ...fine, validTo: NOW + 1 }, NOW)).toEqual([]);
  });

  it.each([
    ["expired this moment", { ...fine, validTo: NOW }, /expired at/],
    ["too near its end", { ...fine, validTo: NOW + 10 * DAY - 1 }, /less than 10 days/],
    ["of tomorrow", { ...fine, validFrom: NOW + 1 }, /not valid before/],
    ["of another name", { ...fine, nameError: "Hostname does not match" }, /another name/],
    ["signed by itself", { ...fine, chainError: "DEPTH_ZERO_SELF_SIGNED_CERT" }, /signed by itself/],
    ["of an unknown error of the chain", { ...fine, chainError: "CERT_REVOKED" }, /CERT_REVOKED/],
  ])("is missed by one %s", (_, certificate, words) => {
    expect(faults({ daysLeft: 10 }, certificate, NOW)).toEqual([expect.stringMatching(words)]);
  });

  it("is missed by another certificate than the one named", () => {
    expect(faults({ daysLeft: 1, sha256: "cd".repeat(32) }, fine, NOW)).toHaveLength(1);
  });
});

describe("a handshake", () => {
  let test: TestWorld;
  const servers: { close(): unknown }[] = [];
  const context = { now: () => test.world.clock.now() };

  async function serving(names: string[], flaw?: Flaw): Promise<number> {
    const { certPem: cert, keyPem: key } = await certificateFor(test.world, names, flaw);
    const server: Server = createServer({ cert, key });
    server.on("tlsClientError", () => undefined);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    servers.push(server);
    return (server.address() as AddressInfo).port;
  }
  const measured = (port: number, more: object = {}) =>
    measure(tlsCheck.input.parse({ host: "localhost", port, allowPrivate: true, ...more }), context);

  beforeAll(async () => {
    test = await openWorld([]);
    const port = await serving(["localhost"]);
    expect(await measured(port)).toMatchObject({ verdict: "failed" }); // nobody trusts the authority yet
    trust((await certificateFor(test.world, ["localhost"])).caFile);
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await test.close();
  });

  it("passes where a client would be content, and says what was presented", async () => {
    const found = await measured(await serving(["localhost"]), { daysLeft: 30 });

    expect(found).toMatchObject({ verdict: "passed", value: expect.stringMatching(/^\d{4} days left$/) });
    expect(found.evidence[1]).toContain("CN=Rollback Watchdog Sandbox CA");
  });

  it.each([
    ["expired", ["localhost"], { notAfter: new Date(NOW - 90 * DAY) }, /expired at/],
    ["of another name", ["elsewhere.example"], {}, /another name/],
    ["signed by itself", ["localhost"], { selfSigned: true }, /signed by itself/],
  ])("fails on a certificate %s, and says only that", async (_, names, flaw, words) => {
    const found = await measured(await serving(names, flaw));

    expect(found.verdict).toBe("failed");
    expect(found.evidence.slice(2)).toEqual([expect.stringMatching(words)]);
  });

  it("fails where the certificate ends before it may", async () => {
    const soon = await serving(["localhost"], { notAfter: new Date(context.now() + 5 * DAY) });

    expect(await measured(soon, { daysLeft: 3 })).toMatchObject({ verdict: "passed", value: "4 days left" });
    expect(await measured(soon, { daysLeft: 7 })).toMatchObject({ verdict: "failed" });
  });

  it("judges the name given, whatever the host is called", async () => {
    const port = await serving(["api.tunnel.example"]);

    expect(await measured(port, { host: "127.0.0.1", name: "api.tunnel.example" })).toMatchObject({
      verdict: "passed",
    });
    expect(await measured(port, { host: "127.0.0.1" })).toMatchObject({ verdict: "failed" });
  });

  it("fails where nobody listens, and where no TLS is spoken", async () => {
    const plain = createPlainServer((socket) => socket.end("hello\r\n"));
    plain.listen(0, "127.0.0.1");
    await once(plain, "listening");
    servers.push(plain);

    for (const port of [1, (plain.address() as AddressInfo).port])
      expect(await measured(port)).toMatchObject({ verdict: "failed", value: "no handshake" });
    expect(await measured(443, { host: "nowhere.invalid" })).toMatchObject({ verdict: "failed" });
  });

  it("is not tried with an address that the plan does not allow: an error, not a pass", async () => {
    expect(await measured(1, { allowPrivate: false })).toMatchObject({ verdict: "error" });
    expect(await measured(80, { host: "169.254.169.254" })).toMatchObject({ verdict: "error" });
  });
});
