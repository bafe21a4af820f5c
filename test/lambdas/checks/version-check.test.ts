import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { measure, versionIn } from "../../../lambdas/checks/version-check/handler.ts";
import { versionCheck } from "../../../lambdas/checks/version-check/spec.ts";
import { openWorld, type TestWorld } from "../../sandbox/front/harness.ts";
import { startServer, type TestServer } from "./server.ts";

describe("the version in an answer", () => {
  it.each([
    ["1.2.2\n", undefined, "1.2.2"],
    ['{"version":"1.2.2"}', "version", "1.2.2"],
    ['{"build":{"version":"1.2.2"}}', "build.version", "1.2.2"],
    ['{"revision":14}', "revision", "14"],
  ])("%j at %j is %j", (body, member, version) => expect(versionIn(body, member)).toBe(version));

  it.each([
    ["", undefined],
    ["  \n", undefined],
    ["<html>", "version"],
    ["null", "version"],
    ['{"version":null}', "version"],
    ['{"version":""}', "version"],
    ['{"version":{"major":1}}', "version"],
    ['{"build":"1.2.2"}', "build.version"],
    ["{}", "constructor.name"],
    ["[]", "length.x"],
  ])("%j at %j is none", (body, member) => expect(versionIn(body, member)).toBeUndefined());
});

describe("a service that tells its version", () => {
  let test: TestWorld;
  let server: TestServer;
  const good = { version: "1.2.2", deployedAt: "2026-11-20T10:00:00Z" };
  const bad = { version: "1.3.0", startedAt: "2026-11-20T11:00:00Z" };
  const check = (run: Parameters<typeof measure>[1]["run"], more: object = {}) =>
    measure(versionCheck.input.parse({ url: server.url, member: "version", allowPrivate: true, ...more }), {
      run,
    });
  const tells = (version: unknown, status = 200) => {
    server.reply = (response) => response.writeHead(status).end(JSON.stringify({ version }));
  };

  beforeAll(async () => {
    test = await openWorld([]);
    server = await startServer(test);
  });
  afterAll(async () => {
    server?.close();
    await test?.close();
  });

  it("passes on the version that the run went back to, and fails on the one that it left", async () => {
    tells("1.2.2");
    const back = await check({ lastGood: good, deployment: bad });
    tells("1.3.0");
    const still = await check({ lastGood: good, deployment: bad });

    expect(back).toMatchObject({ verdict: "passed", value: "1.2.2", limit: "1.2.2" });
    expect(still).toMatchObject({
      verdict: "failed",
      value: "1.3.0",
      evidence: [expect.anything(), "found 1.3.0, the version that the run rolls back from"],
    });
  });

  it("compares with a version that the plan names", async () => {
    tells("1.0.0");

    expect(await check({}, { version: "1.0.0" })).toMatchObject({ verdict: "passed" });
    expect(await check({ lastGood: good }, { version: "1.0" })).toMatchObject({ verdict: "failed" });
  });

  it("is inconclusive when nobody knows which version was good", async () => {
    tells("1.2.2");

    expect(await check({ deployment: bad })).toMatchObject({ verdict: "inconclusive" });
  });

  it("fails on a service that is down, tells nothing, or tells it with an error", async () => {
    tells("1.2.2", 503);
    expect(await check({ lastGood: good })).toMatchObject({ verdict: "failed", value: "status 503" });
    tells(undefined);
    expect(await check({ lastGood: good })).toMatchObject({ verdict: "failed", value: "no version" });
    server.reply = (response) => response.destroy();
    expect(await check({ lastGood: good })).toMatchObject({ verdict: "failed", value: "no answer" });
  });

  it("is an error, not a pass, where the address is not allowed", async () => {
    tells("1.2.2");

    expect(await check({ lastGood: good }, { allowPrivate: false })).toMatchObject({ verdict: "error" });
  });
});
