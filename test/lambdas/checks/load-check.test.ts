import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { measure } from "../../../lambdas/checks/load-check/handler.ts";
import { figuresOf, misses, percentile } from "../../../lambdas/checks/load-check/load.ts";
import { loadCheck } from "../../../lambdas/checks/load-check/spec.ts";
import { openWorld, type TestWorld } from "../../sandbox/front/harness.ts";
import { startServer, type TestServer } from "./server.ts";

describe("the figures of a load", () => {
  it("count errors, and take times of right answers only", () => {
    const outcomes = [10, 20, 30, 40].map((milliseconds) => ({ milliseconds }));

    expect(figuresOf([...outcomes, { milliseconds: 1, error: "status 503" }])).toEqual({
      requests: 5,
      errors: 1,
      errorPercent: 20,
      mean: 25,
      p50: 20,
      p95: 40,
      p99: 40,
    });
  });

  it("have no times without a right answer, and then no limit on times is kept", () => {
    const figures = figuresOf([{ milliseconds: 1, error: "ECONNREFUSED" }]);

    expect(figures).toMatchObject({ errorPercent: 100, mean: undefined, p95: undefined });
    expect(misses({ maxErrorPercent: 100, maxP95Milliseconds: 30_000 }, figures)).toEqual([
      "p95 of no right answer, more than 30000 ms",
    ]);
  });

  it("percentiles are values that were measured, and never fall as the percent rises", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1 }), (values) => {
        const sorted = values.toSorted((left, right) => left - right);
        const found = [1, 50, 95, 99, 100].map((percent) => percentile(sorted, percent)!);
        expect(found.every((each) => sorted.includes(each))).toBe(true);
        expect(found).toEqual(found.toSorted((left, right) => left - right));
        expect(found.at(-1)).toBe(sorted.at(-1));
      }),
    );
  });
});

describe("a hundred requests, ten at a time", () => {
  let test: TestWorld;
  let server: TestServer;
  let seen = { requests: 0, now: 0, most: 0 };
  /** Answers after `milliseconds`, with the status of the request's number. */
  const answers = (status: (number: number) => number, milliseconds = 0) => {
    seen = { requests: 0, now: 0, most: 0 };
    server.reply = (response) => {
      seen.requests += 1;
      seen.now += 1;
      seen.most = Math.max(seen.most, seen.now);
      const number = seen.requests;
      setTimeout(() => {
        seen.now -= 1;
        response.writeHead(status(number)).end("ok");
      }, milliseconds);
    };
  };
  const check = (more: object = {}, whole?: number) =>
    measure(loadCheck.input.parse({ url: server.url, allowPrivate: true, ...more }), undefined, whole);

  beforeAll(async () => {
    test = await openWorld([]);
    server = await startServer(test);
  });
  afterAll(async () => {
    server?.close();
    await test?.close();
  });

  it("pass on a healthy service, and are as many as asked, as many at a time as asked", async () => {
    answers(() => 200, 3);

    const found = await check({ maxP95Milliseconds: 30_000 });

    expect(found).toMatchObject({ verdict: "passed", limit: "≤ 1 % errors, p95 ≤ 30000 ms" });
    expect(seen).toMatchObject({ requests: 100, most: 10 });
  });

  it("fail on a service that answers every twentieth with an error, and say which", async () => {
    answers((number) => (number % 20 === 0 ? 503 : 200));

    const found = await check();

    expect(found.verdict).toBe("failed");
    expect(found.value).toMatch(/^5 % errors/);
    expect(found.evidence).toContain("5 × status 503");
    expect(found.evidence).toContain("found 5 % errors, more than 1");
  });

  it("fail on a service that is right but slow", async () => {
    answers(() => 200, 30);

    const found = await check({ requests: 10, maxMeanMilliseconds: 20 });

    expect(found).toMatchObject({ verdict: "failed", value: expect.stringMatching(/^0 % errors/) });
  });

  it("fail where nobody listens, and where nobody answers until the time is over", async () => {
    server.reply = () => undefined;

    expect(await check({ url: "https://localhost:1/", requests: 3 })).toMatchObject({
      verdict: "failed",
      evidence: expect.arrayContaining(["3 × ECONNREFUSED"]),
    });
    expect(await check({ requests: 3, concurrency: 1 }, 200)).toMatchObject({
      verdict: "failed",
      evidence: expect.arrayContaining(["3 × no answer in time"]),
    });
    expect(await check({ url: "https://nowhere.invalid/" })).toMatchObject({ verdict: "failed" });
  });

  it("are not sent to an address that the plan does not allow", async () => {
    answers(() => 200);

    expect(await check({ allowPrivate: false })).toMatchObject({ verdict: "error" });
    expect(seen.requests).toBe(0);
  });
});
