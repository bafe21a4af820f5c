import { GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { CreateQueueCommand, GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordAuthorizations } from "../../../sandbox/front/iam/index.ts";
import type { PolicyStatement } from "../../../sandbox/front/iam/policy.ts";
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
