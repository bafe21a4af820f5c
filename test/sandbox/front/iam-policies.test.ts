import { runSimulation } from "@cloud-copilot/iam-simulate";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluate } from "../../../sandbox/front/iam/evaluate.ts";
import {
  compilePolicy,
  type PolicyDocument,
  type PolicyStatement,
} from "../../../sandbox/front/iam/policy.ts";
import type { Call, Service } from "../../../sandbox/service.ts";
import { iamState } from "../../../sandbox/services/iam/state.ts";
import { policies, ROLE, requests, resourcePolicies } from "./arbitrary-policy.ts";
import { openWorld, type TestWorld } from "./harness.ts";

let test: TestWorld;
beforeAll(async () => {
  test = await openWorld([]);
});
afterAll(() => test.close());

describe("policies", () => {
  it("with an operator that IAM does not have are refused, not passed over", () => {
    const Statement = [
      { Effect: "Allow" as const, Action: "*", Resource: "*", Condition: { StringSounds: { "aws:a": "b" } } },
    ];

    expect(() => compilePolicy({ Statement })).toThrow("IAM has no condition operator StringSounds");
  });

  it.each<[string, object, Record<string, string | string[]>, boolean]>([
    ["ForAllValues on a key that is missing", { "ForAllValues:StringEquals": { "x:k": ["a"] } }, {}, true],
    [
      "… held off by a Null check",
      { "ForAllValues:StringEquals": { "x:k": ["a"] }, Null: { "x:k": "false" } },
      {},
      false,
    ],
    [
      "ForAllValues with one value outside",
      { "ForAllValues:StringEquals": { "x:k": ["a"] } },
      { "x:k": ["a", "b"] },
      false,
    ],
    [
      "ForAnyValue with one value inside",
      { "ForAnyValue:StringEquals": { "x:k": ["a"] } },
      { "x:k": ["a", "b"] },
      true,
    ],
    ["ForAnyValue on a key that is missing", { "ForAnyValue:StringEquals": { "x:k": ["a"] } }, {}, false],
    ["IfExists on a key that is missing", { StringEqualsIfExists: { "x:k": "a" } }, {}, true],
    ["IfExists on a key with another value", { StringEqualsIfExists: { "x:k": "a" } }, { "x:k": "b" }, false],
    ["a negated operator on a missing key", { StringNotEquals: { "x:k": "a" } }, {}, true],
    ["StringLike", { StringLike: { "x:k": "a*c?" } }, { "x:k": "abbbcd" }, true],
    ["StringEquals takes a star for a star", { StringEquals: { "x:k": "a*" } }, { "x:k": "ab" }, false],
    [
      "ArnLike, a star inside one part",
      { ArnLike: { "x:k": "arn:aws:sns:*:1:t" } },
      { "x:k": "arn:aws:sns:us:east:1:t" },
      false,
    ],
    ["NumericLessThanEquals", { NumericLessThanEquals: { "x:k": "10" } }, { "x:k": "10" }, true],
    [
      "DateGreaterThan",
      { DateGreaterThan: { "x:k": "2026-01-01T00:00:00Z" } },
      { "x:k": "2026-01-02T00:00:00Z" },
      true,
    ],
    ["IpAddress", { IpAddress: { "x:k": "10.1.0.0/16" } }, { "x:k": "10.1.200.3" }, true],
    ["NotIpAddress", { NotIpAddress: { "x:k": "10.1.0.0/16" } }, { "x:k": "10.2.0.1" }, true],
    ["Bool", { Bool: { "aws:SecureTransport": "false" } }, {}, false],
    [
      "a policy variable",
      { StringEquals: { "x:k": "run-${x:run}" } },
      { "x:k": "run-7", "x:run": "7" },
      true,
    ],
    [
      "a policy variable without a value",
      { StringEquals: { "x:k": "run-${x:run}" } },
      { "x:k": "run-" },
      false,
    ],
    [
      "a policy variable with a default",
      { StringEquals: { "x:k": "${x:run, 'none'}" } },
      { "x:k": "none" },
      true,
    ],
    [
      "a variable whose value holds a star",
      { StringLike: { "x:k": "${x:run}" } },
      { "x:k": "abc", "x:run": "*" },
      false,
    ],
    [
      "two keys, one of them wrong",
      { StringEquals: { "x:k": "a", "x:l": "b" } },
      { "x:k": "a", "x:l": "c" },
      false,
    ],
  ])("%s", (_, Condition, context, expected) => {
    const verdict = decide(
      { Statement: [{ Effect: "Allow", Action: "x:Do", Resource: "*", Condition } as PolicyStatement] },
      undefined,
      "x:Do",
      "*",
      context,
    );

    expect(verdict).toBe(expected);
  });

  it("of the role and the resource decide as another implementation of IAM decides", async () => {
    await fc.assert(
      fc.asyncProperty(
        policies,
        fc.option(resourcePolicies, { nil: undefined }),
        requests,
        async (identity, onResource, request) => {
          const ours = decide(identity, onResource, request.action, request.resource, request.context);

          expect({ allowed: ours }).toEqual({ allowed: await theirs(identity, onResource, request) });
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** The verdict of `@cloud-copilot/iam-simulate`. */
async function theirs(
  identity: PolicyDocument,
  onResource: PolicyDocument | undefined,
  request: { action: string; resource: string; context: Record<string, string | string[]> },
): Promise<boolean> {
  const result = await runSimulation(
    {
      request: {
        principal: "arn:aws:sts::123456789012:assumed-role/decider/test",
        action: request.action,
        resource: { resource: request.resource, accountId: "123456789012" },
        contextVariables: { ...request.context, "aws:PrincipalArn": ROLE },
      },
      identityPolicies: [{ name: "identity", policy: identity }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: onResource,
    },
    {},
  );
  if (result.resultType === "error") throw new Error(JSON.stringify(result.errors));
  return result.overallResult === "Allowed";
}

/** Our verdict for a role with one policy on a resource with another. */
function decide(
  identity: PolicyDocument,
  onResource: PolicyDocument | undefined,
  action: string,
  resource: string,
  given: Record<string, string | string[]>,
): boolean {
  iamState(test.world).roles.set("decider", {
    ...{
      name: "decider",
      path: "/",
      arn: ROLE,
      id: "AROA",
      createdAt: 0,
      description: undefined,
      maxSession: 3600,
      tags: [],
    },
    trust: {},
    boundary: undefined,
    inline: new Map([["only", identity]]),
    attached: new Set(),
  });
  const service: Service = {
    name: "x",
    client: async () => ({}),
    operations: {},
    resourcePolicy: () => onResource,
  };
  const call: Call = {
    world: test.world,
    principal: { type: "role", roleArn: ROLE, sessionName: "test" },
    requestId: "r",
    region: "us-east-1",
    account: "123456789012",
  };
  const context = new Map(Object.entries(given).map(([key, value]) => [key.toLowerCase(), [value].flat()]));
  if (!context.has("aws:securetransport")) context.set("aws:securetransport", ["true"]);
  context.set("aws:principalarn", [ROLE]);
  return evaluate(service, action, resource, context, call).decision === "allowed";
}
