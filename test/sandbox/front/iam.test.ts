import { GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { CreateQueueCommand, GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { runSimulation } from "@cloud-copilot/iam-simulate";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluate } from "../../../sandbox/front/iam/evaluate.ts";
import { recordAuthorizations } from "../../../sandbox/front/iam/index.ts";
import {
  compilePolicy,
  type PolicyDocument,
  type PolicyStatement,
} from "../../../sandbox/front/iam/policy.ts";
import type { Call, Service } from "../../../sandbox/service.ts";
import { iamState } from "../../../sandbox/services/iam/state.ts";
import { sqs } from "../../../sandbox/services/sqs/index.ts";
import { openWorld, type TestWorld } from "./harness.ts";

let test: TestWorld;
beforeAll(async () => {
  test = await openWorld([sqs]);
  for (const QueueName of ["mine", "other"])
    await new SQSClient(test.admin).send(new CreateQueueCommand({ QueueName }));
});
afterAll(() => test.close());

const queueArn = (name: string) => test.world.arn("sqs", name);
const allow = (Action: string | string[], Resource: string | string[] = "*", more = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const deny = (Action: string | string[], Resource: string | string[] = "*") => ({
  Effect: "Deny",
  Action,
  Resource,
});
const send = (config: object, name: string) =>
  new SQSClient(config).send(
    new SendMessageCommand({ QueueUrl: `${test.endpoint}/123456789012/${name}`, MessageBody: "x" }),
  );

describe("a role's calls", () => {
  it("are denied without the one action they need, as AWS words it", async () => {
    const whole = await test.as("whole", [allow(["sqs:GetQueueUrl", "sqs:SendMessage"], queueArn("mine"))]);
    const without = await test.as("without", [allow(["sqs:GetQueueUrl"], queueArn("mine"))]);

    await send(whole, "mine");
    const denied = send(without, "mine");

    await expect(denied).rejects.toMatchObject({
      // The JSON protocol of a service that once spoke query keeps the query code.
      name: "AccessDenied",
      message:
        "User: arn:aws:sts::123456789012:assumed-role/without/test is not authorized to perform: sqs:SendMessage on resource: " +
        "arn:aws:sqs:us-east-1:123456789012:mine because no identity-based policy allows the sqs:SendMessage action",
      $metadata: { httpStatusCode: 403 },
    });
  });

  it("are denied on resources that the policy does not name", async () => {
    const role = await test.as("one-queue", [allow("sqs:*", queueArn("mine"))]);

    await send(role, "mine");

    await expect(send(role, "other")).rejects.toThrow(
      "not authorized to perform: sqs:SendMessage on resource",
    );
  });

  it("are denied by an explicit Deny whatever else allows them", async () => {
    const role = await test.as("denied", [allow("*"), deny("sqs:Send*", queueArn("mine"))]);

    await send(role, "other");

    await expect(send(role, "mine")).rejects.toThrow("with an explicit deny in an identity-based policy");
  });

  it("are allowed by what the role's policy says now, not what it said before", async () => {
    const role = await test.as("changing", [allow("sqs:SendMessage", queueArn("mine"))]);
    await send(role, "mine");

    iamState(test.world).roles.get("changing")!.inline.delete("test");

    await expect(send(role, "mine")).rejects.toThrow("not authorized");
  });

  it("stay inside the permissions boundary", async () => {
    const policies = iamState(test.world).policies;
    const arn = "arn:aws:iam::123456789012:policy/only-read";
    policies.set(arn, {
      name: "only-read",
      arn,
      id: "ANPA",
      path: "/",
      document: { Statement: [allow("sqs:Get*") as PolicyStatement] },
    });
    const role = await test.as("bounded", [allow("sqs:*")]);
    iamState(test.world).roles.get("bounded")!.boundary = arn;

    await new SQSClient(role).send(new GetQueueUrlCommand({ QueueName: "mine" }));

    await expect(send(role, "mine")).rejects.toThrow(
      "because no permissions boundary allows the sqs:SendMessage action",
    );
  });

  it("of a role that is gone are denied", async () => {
    const role = await test.as("gone", [allow("*")]);
    iamState(test.world).roles.delete("gone");

    await expect(send(role, "mine")).rejects.toThrow("not authorized");
  });

  it("are recorded with what was asked and decided", async () => {
    const role = await test.as("recorded", [allow("iam:GetRole")]);
    const recorded = recordAuthorizations(test.world);
    const from = recorded().length;

    await new IAMClient(role).send(new GetRoleCommand({ RoleName: "recorded" }));
    await send(role, "mine").catch(() => undefined);

    const own = { principal: role.roleArn };
    expect(recorded().slice(from)).toEqual([
      { ...own, action: "iam:GetRole", resource: role.roleArn, allowed: true },
      { ...own, action: "sqs:SendMessage", resource: queueArn("mine"), allowed: false },
    ]);
  });

  it("can be simulated", async () => {
    const role = await test.as("simulated", [allow("sqs:*", queueArn("mine")), deny("sqs:DeleteQueue")]);

    const { EvaluationResults } = await new IAMClient(test.admin).send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: role.roleArn,
        ActionNames: ["sqs:SendMessage", "sqs:DeleteQueue", "s3:GetObject"],
        ResourceArns: [queueArn("mine")],
      }),
    );

    expect(EvaluationResults?.map((each) => each.EvalDecision)).toEqual([
      "allowed",
      "explicitDeny",
      "implicitDeny",
    ]);
  });
});

describe("a session with tags", () => {
  const TAGGED = [allow("sqs:SendMessage", "arn:aws:sqs:*:*:${aws:PrincipalTag/queue}")];
  const trust = (...Action: string[]) => ({ Statement: [{ Effect: "Allow", Principal: "*", Action }] });
  const session = async (by: object, RoleArn: string, Tags: { Key: string; Value: string }[]) => {
    const { Credentials } = await new STSClient(by).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: "tagged", Tags }),
    );
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials!;
    const credentials = {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    };
    return { ...test.admin, credentials };
  };

  it("may do what its tag says, over the role's own tag, and nothing without one", async () => {
    const { roleArn, ...untagged } = await test.as(
      "tagged",
      TAGGED,
      trust("sts:AssumeRole", "sts:TagSession"),
    );
    const asMine = await session(test.admin, roleArn, [{ Key: "Queue", Value: "mine" }]);

    await send(asMine, "mine");
    await expect(send(asMine, "other")).rejects.toThrow("not authorized");
    await expect(send(untagged, "mine")).rejects.toThrow("not authorized");
    iamState(test.world).roles.get("tagged")!.tags.push({ Key: "queue", Value: "other" });
    await send(untagged, "other");
    await expect(send(asMine, "other")).rejects.toThrow("not authorized");
  });

  it("is only given where the trust policy allows tags", async () => {
    const caller = await test.as("caller", [allow(["sts:AssumeRole", "sts:TagSession"])]);
    const { roleArn } = await test.as("untaggable", TAGGED, {
      Statement: [{ Effect: "Allow", Principal: { AWS: "123456789012" }, Action: "sts:AssumeRole" }],
    });

    await session(caller, roleArn, []);
    await expect(session(caller, roleArn, [{ Key: "queue", Value: "mine" }])).rejects.toThrow(
      /not authorized to perform: sts:TagSession/,
    );
  });

  it("has each key once, in whatever case", async () => {
    const { roleArn } = await test.as("twice", TAGGED, trust("sts:AssumeRole", "sts:TagSession"));

    await expect(
      session(test.admin, roleArn, [
        { Key: "queue", Value: "mine" },
        { Key: "Queue", Value: "other" },
      ]),
    ).rejects.toThrow("Duplicate tag keys found");
  });
});

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
      { Statement: [{ ...allow("x:Do"), Condition } as PolicyStatement] },
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

const ROLE = "arn:aws:iam::123456789012:role/decider";

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

const actions = fc.constantFrom(
  ...[
    "dynamodb:GetItem",
    "dynamodb:DeleteItem",
    "DynamoDB:getitem",
    "dynamodb:*",
    "*",
    "dynamodb:Put*",
    "dynamodb:?eleteItem",
  ],
);
const resources = fc.constantFrom(
  "*",
  "arn:aws:dynamodb:us-east-1:123456789012:table/mine",
  "arn:aws:dynamodb:us-east-1:123456789012:table/*",
  "arn:aws:dynamodb:*:*:table/m?ne",
  "arn:aws:dynamodb:us-east-1:123456789012:table/${aws:PrincipalOrgID}",
);
const conditions = fc.constantFrom<object>(
  {},
  {},
  { Condition: { StringEquals: { "aws:PrincipalOrgID": "mine" } } },
  { Condition: { StringNotEquals: { "aws:PrincipalOrgID": "mine" } } },
  { Condition: { StringLikeIfExists: { "aws:PrincipalOrgID": "m*" } } },
  { Condition: { "ForAllValues:StringEquals": { "aws:CalledVia": ["a", "b"] } } },
  { Condition: { "ForAnyValue:StringLike": { "aws:CalledVia": ["a*"] } } },
  { Condition: { StringNotEquals: { "aws:SourceVpc": "${aws:PrincipalOrgID}" } } },
  { Condition: { StringEquals: { "aws:SourceVpc": "${aws:PrincipalOrgID}" } } },
  { Condition: { StringLike: { "aws:SourceVpc": "?i*${aws:PrincipalOrgID}" } } },
  { Condition: { Null: { "aws:CalledVia": "true" } } },
  { Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/dec*" } } },
  { Condition: { Bool: { "aws:SecureTransport": "true" } } },
);
const about = fc.oneof(
  fc.record({ Action: fc.array(actions, { minLength: 1, maxLength: 2 }) }),
  fc.record({ NotAction: fc.array(actions, { minLength: 1, maxLength: 2 }) }),
);
const on = fc.oneof(
  fc.record({ Resource: fc.array(resources, { minLength: 1, maxLength: 2 }) }),
  fc.record({ NotResource: fc.array(resources, { minLength: 1, maxLength: 2 }) }),
);
const effects = fc.constantFrom<"Allow" | "Deny">("Allow", "Allow", "Deny");
const statements = fc
  .tuple(effects, about, on, conditions)
  .map(([Effect, what, where, when]) => ({ Effect, ...what, ...where, ...when }) as PolicyStatement);
const principals = fc.constantFrom<PolicyStatement["Principal"]>(
  "*",
  { AWS: "*" },
  { AWS: ROLE },
  { AWS: "arn:aws:iam::123456789012:root" },
  { AWS: "123456789012" },
  { AWS: "arn:aws:iam::123456789012:role/somebody-else" },
  { Service: "events.amazonaws.com" },
);
const version = { Version: "2012-10-17" };
const policies = fc
  .array(statements, { minLength: 1, maxLength: 3 })
  .map((Statement): PolicyDocument => ({ ...version, Statement }));
const resourcePolicies = fc.array(fc.tuple(statements, principals), { minLength: 1, maxLength: 2 }).map(
  (list): PolicyDocument => ({
    ...version,
    Statement: list.map(([statement, Principal]) => ({ ...statement, Principal })),
  }),
);
const requests = fc.record({
  action: fc.constantFrom("dynamodb:GetItem", "dynamodb:DeleteItem", "dynamodb:PutItem"),
  resource: fc.constantFrom(
    "arn:aws:dynamodb:us-east-1:123456789012:table/mine",
    "arn:aws:dynamodb:us-east-1:123456789012:table/other",
  ),
  context: fc
    .record(
      {
        "aws:PrincipalOrgID": fc.constantFrom("mine", "other", "*"),
        "aws:SourceVpc": fc.constantFrom("mine", "other"),
        "aws:CalledVia": fc.constantFrom(["a"], ["a", "b"], ["c"], ["b", "c"]),
        "aws:SecureTransport": fc.constantFrom("true", "false"),
      },
      { requiredKeys: ["aws:SecureTransport"] },
    )
    .map((given): Record<string, string | string[]> => JSON.parse(JSON.stringify(given))),
});
