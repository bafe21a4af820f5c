import { AmpClient, CreateWorkspaceCommand, DescribeWorkspaceCommand } from "@aws-sdk/client-amp";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { measure } from "../../../lambdas/checks/prometheus-check/handler.ts";
import { judge } from "../../../lambdas/checks/prometheus-check/judge.ts";
import { prometheusCheck } from "../../../lambdas/checks/prometheus-check/spec.ts";
import { addFault } from "../../../sandbox/faults.ts";
import { aps } from "../../../sandbox/services/aps/index.ts";
import { writeSamples } from "../../../sandbox/services/aps/state.ts";
import { openWorld, type TestWorld } from "../../sandbox/front/harness.ts";
import { lambdaEnvironment } from "../environment.ts";

describe("judge", () => {
  const wanted = (expect: string, more: object = {}) => ({
    expect,
    minimumSeries: 1,
    minimumSamples: 1,
    ...more,
  });
  const one = (...values: number[]) => [{ name: "a", values }];

  it("passes when every value of every series fits, and shows the worst of them", () => {
    const series = [
      { name: "a", values: [0.1, 0.2] },
      { name: "b", values: [0.7, 0.1] },
    ];
    expect(judge(series, wanted("< 1"))).toEqual({ verdict: "passed", value: "0.7", worst: "b" });
    expect(judge(series, wanted(">= 0.1"))).toMatchObject({ verdict: "passed", value: "0.1" });
  });

  it("fails on one value of one series, whatever is missing beside it", () => {
    const series = [...one(Number.NaN), { name: "b", values: [3] }, { name: "c", values: [] }];
    expect(judge(series, wanted("< 1"))).toEqual({ verdict: "failed", value: "3", worst: "b" });
    expect(judge(one(Number.POSITIVE_INFINITY), wanted("< 1"))).toMatchObject({ verdict: "failed" });
  });

  it("is inconclusive without series, with too few, with too few values, or with a NaN", () => {
    expect(judge([], wanted("< 1"))).toEqual({ verdict: "inconclusive" });
    expect(judge(one(0), wanted("< 1", { minimumSeries: 2 }))).toEqual({ verdict: "inconclusive" });
    expect(judge(one(0, 0), wanted("< 1", { minimumSamples: 3 }))).toEqual({ verdict: "inconclusive" });
    expect(judge(one(0, Number.NaN), wanted("< 1"))).toEqual({ verdict: "inconclusive" });
    expect(judge(one(Number.NaN), wanted(">= 0"))).toEqual({ verdict: "inconclusive" });
  });

  it("never passes what holds one value beyond the limit", () => {
    const value = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(
        fc.array(fc.array(value)),
        value,
        fc.constantFrom("<", "<=", ">", ">="),
        (groups, limit, operator) => {
          const beyond = operator.startsWith("<") ? limit + 1 : limit - 1;
          const series = [...groups, [beyond]].map((values, index) => ({ name: `s${index}`, values }));
          expect(judge(series, wanted(`${operator} ${limit}`)).verdict).toBe("failed");
        },
      ),
    );
  });
});

describe("a workspace of Managed Prometheus", () => {
  const NOW = Date.parse("2026-11-20T10:10:00Z");
  let test: TestWorld;
  let workspace: string;
  const context = { now: () => test.world.clock.now(), region: "us-east-1" };
  const check = (query: string, expected: string, more: object = {}) =>
    measure(prometheusCheck.input.parse({ workspace, query, expect: expected, ...more }), {
      ...context,
      now: () => NOW,
    });
  const ERROR_SHARE =
    'sum by (service) (rate(requests_total{code="500"}[5m])) / sum by (service) (rate(requests_total[5m]))';
  const counter = (labels: Record<string, string>, perMinute: number) =>
    writeSamples(
      test.world,
      workspace,
      "requests_total",
      labels,
      Array.from({ length: 41 }, (_, index) => [NOW - 600_000 + index * 15_000, (index * perMinute) / 4]),
    );

  beforeAll(async () => {
    test = await openWorld([aps]);
    const made = await new AmpClient(test.admin).send(new CreateWorkspaceCommand({ alias: "hub" }));
    workspace = made.workspaceId!;
    counter({ service: "hub", code: "200" }, 600);
    counter({ service: "hub", code: "500" }, 3);
    counter({ service: "lab", code: "200" }, 60);
    counter({ service: "lab", code: "500" }, 30);
    writeSamples(test.world, workspace, "empty_ratio", {}, [[NOW - 1_000, Number.NaN]]);
    writeSamples(test.world, workspace, "was_good", {}, [[NOW - 400_000, 0]]);
    // A role that may query this workspace and nothing else.
    const permissions = prometheusCheck.permissions(
      prometheusCheck.input.parse({ workspace, query: "x", expect: "< 1" }),
      {
        of: (service: string, resource: string) => test.world.arn(service, resource),
      } as never,
    );
    const role = await test.as(
      "check",
      permissions.map(({ actions, resources }) => ({
        Effect: "Allow",
        Action: actions,
        Resource: resources,
      })),
    );
    lambdaEnvironment({ admin: role }, { AWS_SESSION_TOKEN: role.credentials.sessionToken ?? "" });
  });
  afterAll(() => test?.close());

  it("says where it is asked", async () => {
    const { workspace: found } = await new AmpClient(test.admin).send(
      new DescribeWorkspaceCommand({ workspaceId: workspace }),
    );

    expect(found).toMatchObject({
      status: { statusCode: "ACTIVE" },
      prometheusEndpoint: `https://aps-workspaces.us-east-1.amazonaws.com/workspaces/${workspace}/`,
    });
  });

  it("passes on a healthy service and fails on a broken one", async () => {
    const healthy = ERROR_SHARE.replace('"500"', '"500",service="hub"');

    expect(await check(healthy, "< 0.01")).toMatchObject({
      verdict: "passed",
      value: "0.00497512",
      limit: "< 0.01",
    });
    const found = await check(ERROR_SHARE, "< 0.01");
    expect(found).toMatchObject({ verdict: "failed", value: "0.333333" });
    // The series that failed is the first that is shown.
    expect(found.evidence[2]).toBe('{service="lab"}: 0.3333333333333333');
  });

  it("is judged over a window at every step", async () => {
    const found = await check('rate(requests_total{service="lab",code="200"}[1m])', ">= 0.9", {
      over: "2m",
      step: "30s",
      minimumSamples: 5,
    });

    expect(found).toMatchObject({ verdict: "passed", value: "1" });
    expect(found.evidence[1]).toContain("2026-11-20T10:08:00.000Z to 2026-11-20T10:10:00.000Z every 30s");
    expect(found.evidence[2]).toBe('{code="200", service="lab"}: 1, 1, 1, 1, 1');
  });

  it("that says nothing, NaN or only old values is inconclusive, and says so", async () => {
    expect(await check("nowhere", "< 1")).toMatchObject({
      verdict: "inconclusive",
      evidence: ["nowhere", expect.any(String), "no series"],
    });
    expect(await check("empty_ratio", "< 1")).toMatchObject({ verdict: "inconclusive" });
    expect(await check("was_good", "< 1")).toMatchObject({ verdict: "inconclusive" });
    // A query that filters says nothing when all is well.
    expect(await check(`${ERROR_SHARE} > 0.5`, "< 1")).toMatchObject({ verdict: "inconclusive" });
  });

  it.each([
    ["a query with a mistake", "rate(requests_total[5m", "400 for ws-.*: bad_data: .*parse error"],
    [
      "one that cannot be evaluated",
      "requests_total + on() requests_total",
      "422 for ws-.*: execution: found duplicate",
    ],
    [
      "one that only AWS can evaluate",
      "topk(3, requests_total)",
      "501 for ws-.*: .*not implemented by the sandbox",
    ],
  ])("%s is an error, with Prometheus' own words", async (_, query, said) => {
    const found = await check(query, "< 1");

    expect(found.verdict).toBe("error");
    expect(found.evidence.at(-1)).toMatch(new RegExp(said));
  });

  it.each([
    ["ThrottlingException", 429, "Throttled"],
    ["InternalServerException", 500, "ServiceUnavailable"],
    ["ServiceUnavailable", 503, "ServiceUnavailable"],
  ])("%s (%d) is thrown as %s, to be asked again", async (code, status, name) => {
    const heal = addFault(test.world, { service: "aps", nth: 1, harm: { kind: "error", code, status } });

    await expect(check("requests_total", "< 1")).rejects.toMatchObject({
      name,
      message: expect.stringContaining(`answered ${status}`),
    });
    heal();
  });

  it("another workspace is not this role's to ask", async () => {
    await expect(check("requests_total", "< 1", { workspace: "ws-0000" })).rejects.toMatchObject({
      name: "AccessDenied",
    });
  });

  it("a reply that is lost is no measurement", async () => {
    const heal = addFault(test.world, { service: "aps", nth: 1, harm: { kind: "lose-reply" } });

    await expect(check("requests_total", "< 1")).rejects.toMatchObject({ name: "ServiceUnavailable" });
    heal();
  });
});
