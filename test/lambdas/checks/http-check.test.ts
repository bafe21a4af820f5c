import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { measure, misses } from "../../../lambdas/checks/http-check/handler.ts";
import { httpCheck } from "../../../lambdas/checks/http-check/spec.ts";
import { allowedAddress } from "../../../lambdas/runtime/address.ts";
import { certificateFor } from "../../../sandbox/engines/ca.ts";
import { secretsmanager } from "../../../sandbox/services/secretsmanager/index.ts";
import { openWorld, type TestWorld } from "../../sandbox/front/harness.ts";
import { lambdaEnvironment } from "../environment.ts";
import { trust } from "./trust.ts";

const answer = (body: string, status = 200, milliseconds = 10) => ({ status, body, milliseconds });

describe("what an answer must be", () => {
  const wants = { status: 200 };

  it("holds when everything is as expected", () => {
    const full = { ...wants, body: '{"a":{"x":1,"y":2},"ok":true}', contains: "ok", maxMilliseconds: 10 };

    expect(misses({ ...full, json: { ok: true } }, answer(full.body))).toEqual([]);
    expect(misses({ status: [200, 204] }, answer("", 204))).toEqual([]);
  });

  it.each([
    ["another status", { ...wants }, answer("", 500)],
    ["a redirect", { ...wants }, answer("", 302)],
    ["another body", { ...wants, body: "fine" }, answer("broken")],
    ["a body without the text", { ...wants, contains: "fine" }, answer("broken")],
    ["another member", { ...wants, json: { ok: true } }, answer('{"ok":false}')],
    ["a missing member", { ...wants, json: { ok: null } }, answer("{}")],
    ["a body that is no JSON", { ...wants, json: { ok: true } }, answer("<html>")],
    ["an empty body", { ...wants, json: { ok: true } }, answer("")],
    ["a slow answer", { ...wants, maxMilliseconds: 10 }, answer("", 200, 11)],
  ])("is missed by %s", (_, input, given) => {
    expect(misses(input, given)).toHaveLength(1);
  });

  it.each(["null", "0", "false", '""', "[]", "1"])(
    "is missed by the JSON %s, which has no members",
    (body) => {
      expect(misses({ ...wants, json: { ok: true } }, answer(body))).not.toEqual([]);
    },
  );

  it("compares nested members whatever their order", () => {
    const json = { health: { database: "up", cache: "up" } };

    expect(misses({ ...wants, json }, answer('{"health":{"cache":"up","database":"up"}}'))).toEqual([]);
    expect(misses({ ...wants, json }, answer('{"health":{"cache":"up"}}'))).toHaveLength(1);
  });

  it("is never met by an answer that differs in one expected member", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (wanted, found) => {
        const same = JSON.stringify(wanted) === JSON.stringify(found);
        const missed = misses(
          { ...wants, json: { value: wanted } },
          answer(JSON.stringify({ value: found })),
        );
        if (same) expect(missed).toEqual([]);
        else if (missed.length === 0)
          expect(JSON.parse(JSON.stringify(found))).toEqual(JSON.parse(JSON.stringify(wanted)));
      }),
    );
  });
});

describe("which addresses are asked", () => {
  const never = ["169.254.169.254", "169.254.170.2", "fe80::1", "fd00:ec2::254", "::ffff:169.254.169.254"];
  it.each([...never, "64:ff9b::169.254.169.254", "[::ffff:a9fe:a9fe]", "::169.254.169.254", "fd00:ec2::23"])(
    "%s never, not even where the plan allows private ones",
    async (host) => {
      expect(await allowedAddress(host, true)).toHaveProperty(
        "refused",
        expect.stringContaining("link-local"),
      );
    },
  );

  it.each([
    "127.0.0.1",
    "localhost",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "::1",
    "::",
    "fd12:3456::1",
    "::ffff:10.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::10.0.0.1",
    "::10.0.0.1",
    "fec0::1",
    "224.0.0.1",
    "255.255.255.255",
    "[::1]",
    "2130706433", // 127.0.0.1 as one number
  ])("%s only where the plan allows it", async (host) => {
    expect(await allowedAddress(host, false)).toHaveProperty("refused");
    expect(await allowedAddress(host, true)).toHaveProperty("address");
  });

  it.each(["93.184.215.14", "172.32.0.1", "100.128.0.1", "2606:2800:21f:cb07::1", "64:ff9b::8.8.8.8"])(
    "%s always",
    async (host) => {
      expect(await allowedAddress(host, false)).toHaveProperty("address", host);
    },
  );
});

describe("a request", () => {
  let test: TestWorld;
  let server: Server;
  let other: Server;
  let url: string;
  let asked: { path: string; authorization: string | undefined }[];
  let reply: (response: ServerResponse) => void;
  const input = (more: object = {}) => httpCheck.input.parse({ url, allowPrivate: true, ...more });

  beforeAll(async () => {
    test = await openWorld([secretsmanager]);
    lambdaEnvironment(test);
    await new SecretsManagerClient(test.admin).send(
      new CreateSecretCommand({ Name: "lab/token", SecretString: '{"token":"canary-token"}' }),
    );
    const { certPem, keyPem, caFile } = await certificateFor(test.world, ["localhost"]);
    const listening = async (options: { cert: string; key: string }) => {
      const made = createServer(options, (request, response) => {
        asked.push({ path: request.url!, authorization: request.headers.authorization });
        reply(response);
      });
      made.listen(0, "127.0.0.1");
      await once(made, "listening");
      return made;
    };
    server = await listening({ cert: certPem, key: keyPem });
    const wrong = await certificateFor(test.world, ["elsewhere.example"]);
    other = await listening({ cert: wrong.certPem, key: wrong.keyPem });
    url = `https://localhost:${(server.address() as AddressInfo).port}/health`;
    asked = [];
    reply = (response) => response.end("ok");
    expect(await measure(input())).toMatchObject({ verdict: "failed", value: "no answer" }); // nobody trusts it yet
    trust(caFile);
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    other.close();
    await test.close();
  });

  it("passes on a healthy service and fails on a broken one", async () => {
    reply = (response) => response.end("ok");
    const healthy = await measure(input({ body: "ok" }));
    reply = (response) => response.writeHead(503).end("ok");
    const broken = await measure(input({ body: "ok" }));

    expect(healthy).toMatchObject({ verdict: "passed", value: expect.stringMatching(/^200 in \d+ ms$/) });
    expect(broken).toMatchObject({
      verdict: "failed",
      evidence: [`GET ${url}`, "found status 503, not 200"],
    });
  });

  it("is not sent to an address that the plan does not allow: an error, not a pass", async () => {
    asked = [];

    expect(await measure(input({ allowPrivate: false }))).toMatchObject({
      verdict: "error",
      evidence: [expect.anything(), expect.stringContaining("private address")],
    });
    expect(asked).toEqual([]);
  });

  it("does not follow a redirect, on the host or off it", async () => {
    asked = [];
    reply = (response) => response.writeHead(302, { location: "https://elsewhere.example/" }).end();

    expect(await measure(input())).toMatchObject({ verdict: "failed" });
    expect(asked).toHaveLength(1);
  });

  it("refuses a certificate of another name", async () => {
    const wrong = `https://localhost:${(other.address() as AddressInfo).port}/`;

    expect(await measure(input({ url: wrong }))).toMatchObject({ verdict: "failed", value: "no answer" });
  });

  it("fails on a host that is not there and a port where nobody listens", async () => {
    for (const nowhere of ["https://nowhere.invalid/", "https://localhost:1/"])
      expect(await measure(input({ url: nowhere }))).toMatchObject({ verdict: "failed", value: "no answer" });
  });

  it("is given up when the answer is too long, counted in bytes", async () => {
    reply = (response) => response.end("ü".repeat(600));

    expect(await measure(input(), undefined, { bytes: 1_000, milliseconds: 5_000 })).toMatchObject({
      verdict: "failed",
      evidence: [expect.anything(), "the answer is longer than 1000 bytes"],
    });
  });

  it("is given up when the answer never ends, or never comes", async () => {
    const limits = { bytes: 1_000, milliseconds: 300 };
    for (const slow of [(response: ServerResponse) => void response.write("a"), () => undefined]) {
      reply = slow;
      const begun = performance.now();

      expect(await measure(input(), undefined, limits)).toMatchObject({ verdict: "failed" });
      expect(performance.now() - begun).toBeLessThan(3_000);
    }
  });

  it("fails on an answer that breaks off in the middle", async () => {
    reply = (response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("ok", () => response.destroy());
    };

    expect(await measure(input({ contains: "ok" }))).toMatchObject({ verdict: "failed", value: "no answer" });
  });

  it("carries a token from Secrets Manager, which is in no answer", async () => {
    asked = [];
    reply = (response) => response.writeHead(401).end();

    const found = await measure(input({ token: { secret: "lab/token" } }));

    expect(asked[0]!.authorization).toBe("Bearer canary-token");
    expect(JSON.stringify(found)).not.toContain("canary-token");
  });

  it("takes the token anew for each request: one that was rotated meanwhile is the one that is sent", async () => {
    asked = [];
    reply = (response) => response.writeHead(200).end();
    const secrets = new SecretsManagerClient(test.admin);
    const put = (token: string) =>
      secrets.send(
        new PutSecretValueCommand({ SecretId: "lab/token", SecretString: JSON.stringify({ token }) }),
      );

    await measure(input({ token: { secret: "lab/token" } }));
    await put("rotated-token");
    await measure(input({ token: { secret: "lab/token" } }));
    await put("canary-token");

    expect(asked.map(({ authorization }) => authorization)).toEqual([
      "Bearer canary-token",
      "Bearer rotated-token",
    ]);
  });

  it("whose token cannot be read is an error of the check and is not sent at all", async () => {
    asked = [];

    await expect(measure(input({ token: { secret: "lab/nowhere" } }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    expect(await measure(input({ token: { secret: "lab/token", member: "other" } }))).toMatchObject({
      verdict: "error",
    });
    expect(asked).toEqual([]);
  });
});

describe("the input", () => {
  it.each(["http://example.com", "ftp://example.com", "file:///etc/passwd", "example.com", ""])(
    "refuses %j: https only",
    (url) => expect(httpCheck.input.safeParse({ url }).success).toBe(false),
  );
});
