import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorld, type TestWorld } from "../../front/harness.ts";

let test: TestWorld;
let client: IAMClient;
const trust = JSON.stringify({
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const document = (Action: string) =>
  JSON.stringify({ Statement: [{ Effect: "Allow", Action, Resource: "*" }] });
const basic = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";

beforeAll(async () => {
  test = await openWorld([]);
  client = new IAMClient(test.admin);
});
afterAll(() => test.close());

async function role(RoleName: string): Promise<string> {
  const { Role } = await client.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust, Path: "/lab/" }),
  );
  return Role?.Arn ?? "";
}
const decision = async (PolicySourceArn: string, action: string) => {
  const answer = await client.send(
    new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames: [action] }),
  );
  return answer.EvaluationResults?.[0]?.EvalDecision;
};

describe("IAM", () => {
  it("keeps a role as it was made, with its path", async () => {
    const arn = await role("kept");

    const { Role } = await client.send(new GetRoleCommand({ RoleName: "kept" }));

    expect(arn).toBe("arn:aws:iam::123456789012:role/lab/kept");
    expect(Role).toMatchObject({ Arn: arn, Path: "/lab/", MaxSessionDuration: 3600 });
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")).toBe(trust);
  });

  it("a role of the same name is refused, one that is not there is NoSuchEntity", async () => {
    await role("twice");

    await expect(role("twice")).rejects.toMatchObject({ name: "EntityAlreadyExistsException" });
    await expect(client.send(new GetRoleCommand({ RoleName: "none" }))).rejects.toMatchObject({
      name: "NoSuchEntityException",
      message: "The role with name none cannot be found.",
    });
  });

  it("an inline policy counts while it is there", async () => {
    const arn = await role("inline");
    const policy = { RoleName: "inline", PolicyName: "p" };
    await client.send(new PutRolePolicyCommand({ ...policy, PolicyDocument: document("s3:GetObject") }));

    const stored = await client.send(new GetRolePolicyCommand(policy));
    const { PolicyNames } = await client.send(new ListRolePoliciesCommand({ RoleName: "inline" }));
    const before = await decision(arn, "s3:GetObject");
    await client.send(new DeleteRolePolicyCommand(policy));

    expect(decodeURIComponent(stored.PolicyDocument ?? "")).toBe(document("s3:GetObject"));
    expect(PolicyNames).toEqual(["p"]);
    expect([before, await decision(arn, "s3:GetObject")]).toEqual(["allowed", "implicitDeny"]);
  });

  it("AWS's own policies allow what they say, and no more", async () => {
    const arn = await role("function");
    await client.send(new AttachRolePolicyCommand({ RoleName: "function", PolicyArn: basic }));

    const { AttachedPolicies } = await client.send(
      new ListAttachedRolePoliciesCommand({ RoleName: "function" }),
    );

    expect(AttachedPolicies).toEqual([{ PolicyArn: basic, PolicyName: "AWSLambdaBasicExecutionRole" }]);
    expect([await decision(arn, "logs:PutLogEvents"), await decision(arn, "logs:DeleteLogGroup")]).toEqual([
      "allowed",
      "implicitDeny",
    ]);
  });

  it("refuses an AWS policy that it has not got rather than attaching nothing", async () => {
    await role("admin-wanted");
    const attach = (PolicyArn: string) =>
      client.send(new AttachRolePolicyCommand({ RoleName: "admin-wanted", PolicyArn }));

    await expect(attach("arn:aws:iam::aws:policy/SomeNewPolicy")).rejects.toMatchObject({
      name: "NotImplementedBySandbox",
    });
    await expect(attach("arn:aws:iam::123456789012:policy/none")).rejects.toMatchObject({
      name: "NoSuchEntityException",
    });
  });

  it("refuses policies that say nothing IAM understands", async () => {
    await role("malformed");
    const put = (PolicyDocument: string) =>
      client.send(new PutRolePolicyCommand({ RoleName: "malformed", PolicyName: "p", PolicyDocument }));

    await expect(put("{")).rejects.toMatchObject({ name: "MalformedPolicyDocumentException" });
    await expect(put('{"Statement":{"Effect":"Perhaps","Action":"*","Resource":"*"}}')).rejects.toMatchObject(
      {
        name: "MalformedPolicyDocumentException",
      },
    );
  });

  it("deletes neither a role with policies nor a policy that a role has", async () => {
    await role("busy");
    const { Policy } = await client.send(
      new CreatePolicyCommand({ PolicyName: "used", PolicyDocument: document("s3:*") }),
    );
    const attached = { RoleName: "busy", PolicyArn: Policy?.Arn };
    await client.send(new AttachRolePolicyCommand(attached));
    const deleteRole = () => client.send(new DeleteRoleCommand({ RoleName: "busy" }));
    const deletePolicy = () => client.send(new DeletePolicyCommand({ PolicyArn: Policy?.Arn }));

    await expect(deleteRole()).rejects.toMatchObject({ name: "DeleteConflictException" });
    await expect(deletePolicy()).rejects.toMatchObject({ name: "DeleteConflictException" });

    await client.send(new DetachRolePolicyCommand(attached));
    await deletePolicy();
    await deleteRole();
    await expect(client.send(new GetRoleCommand({ RoleName: "busy" }))).rejects.toMatchObject({
      name: "NoSuchEntityException",
    });
  });
});
