import { createHash, createHmac } from "node:crypto";
import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Service } from "../../../sandbox/service.ts";
import { openWorld, type TestWorld } from "./harness.ts";

/** Just enough of SNS to see what gets through unsigned. */
const snsOfOne: Service = {
  name: "sns",
  client: () => import("@aws-sdk/client-sns"),
  operations: {
    CreateTopic: { authorize: () => [], run: () => ({ TopicArn: "made" }) },
    ConfirmSubscription: { authorize: () => [], run: () => ({ SubscriptionArn: "confirmed" }) },
  },
};

/** Keeps what reaches it. */
const metricsOf = {
  seen: [] as unknown[],
  service: {
    name: "monitoring",
    client: () => import("@aws-sdk/client-cloudwatch"),
    operations: {
      PutMetricData: { authorize: () => [], run: (input: unknown) => void metricsOf.seen.push(input) },
    },
  } as unknown as Service,
};

let test: TestWorld;
beforeAll(async () => {
  test = await openWorld([snsOfOne, metricsOf.service]);
});
afterAll(() => test.close());

const identity = (config: object) =>
  new STSClient({ ...test.admin, ...config }).send(new GetCallerIdentityCommand({}));

describe("the front door", () => {
  it("knows who signed: the administrator, a role's session", async () => {
    const role = await test.as("someone", []);

    const [admin, session] = await Promise.all([identity({}), identity(role)]);

    expect(admin.Arn).toBe("arn:aws:iam::123456789012:user/administrator");
    expect(session.Arn).toBe("arn:aws:sts::123456789012:assumed-role/someone/test");
  });

  it("refuses a key that it did not issue", async () => {
    const stranger = identity({ credentials: { accessKeyId: "test", secretAccessKey: "test" } });

    await expect(stranger).rejects.toMatchObject({
      name: "InvalidClientTokenId",
      message: "The security token included in the request is invalid.",
    });
  });

  it("refuses a signature made with another secret", async () => {
    const credentials = { ...test.admin.credentials, secretAccessKey: "guessed" };

    await expect(identity({ credentials })).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
  });

  it("refuses a role's key without the session token that belongs to it", async () => {
    const { sessionToken: _, ...credentials } = (await test.as("tokenless", [])).credentials;

    await expect(identity({ credentials })).rejects.toMatchObject({ name: "InvalidClientTokenId" });
  });

  it("reads what a client compressed, and refuses what only says that it is", async () => {
    const asked = new CloudWatchClient({ ...test.admin, requestMinCompressionSizeBytes: 0 });
    const sent: { headers: Record<string, string>; body: unknown }[] = [];
    asked.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as (typeof sent)[number];
        sent.push(request);
        if (sent.length === 2) request.body = Buffer.alloc((request.body as Uint8Array).length);
        return next(args);
      },
      { step: "build", priority: "low" },
    );
    const put = () => asked.send(new PutMetricDataCommand({ Namespace: "Shop", MetricData: [] }));

    await put();
    await expect(put()).rejects.toThrow(/body is not gzip/);

    expect(sent.map(({ headers }) => headers["content-encoding"])).toEqual(["gzip", "gzip"]);
    expect(metricsOf.seen).toEqual([{ Namespace: "Shop", MetricData: [] }]);
  });

  it("refuses a body that was changed after it was signed", async () => {
    const client = new STSClient(test.admin);
    client.middlewareStack.add(
      (next) => async (args) => {
        const request = args.request as { body: string };
        request.body = request.body.replace("2011-06-15", "2011-06-16");
        return next(args);
      },
      { step: "finalizeRequest", priority: "low", name: "tamper" },
    );

    await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: "SignatureDoesNotMatch",
    });
  });

  it("answers what nobody signed with MissingAuthenticationToken", async () => {
    const answer = await fetch(`${test.endpoint}/?Action=ListRoles&Version=2010-05-08`);

    expect([answer.status, await answer.text()]).toEqual([
      403,
      expect.stringContaining("MissingAuthenticationToken"),
    ]);
  });

  it("lets nobody pass another call off as one that needs no signature", async () => {
    const answer = await fetch(`${test.endpoint}/?Action=ConfirmSubscription`, {
      method: "POST",
      headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSNS.CreateTopic" },
      body: JSON.stringify({ Name: "smuggled" }),
    });

    expect(answer.status).toBe(403);
  });

  it("lets the link of a confirmation mail through unsigned", async () => {
    const answer = await fetch(`${test.endpoint}/?Action=ConfirmSubscription&Token=t&TopicArn=a`);

    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining("confirmed")]);
  });

  it("says that it is there", async () => {
    const answer = await fetch(`${test.endpoint}/_sandbox/health`);

    expect([answer.status, await answer.text()]).toEqual([200, "OK"]);
  });

  it("says of a service that it has not got that it is not implemented", async () => {
    const missing = new SQSClient(test.admin).send(new ListQueuesCommand({}));

    await expect(missing).rejects.toMatchObject({
      name: "NotImplementedBySandbox",
      $metadata: { httpStatusCode: 501 },
    });
  });

  it("takes many calls at once on connections that stay open", async () => {
    const client = new IAMClient(test.admin);

    const answers = await Promise.all(
      Array.from({ length: 100 }, () => client.send(new ListRolesCommand({}))),
    );

    expect(new Set(answers.map((each) => each.$metadata.httpStatusCode))).toEqual(new Set([200]));
  });

  it("carries the region of the caller's own credential scope", async () => {
    const seen: (string | undefined)[] = [];
    const interceptor = { before: (request: { region?: string }) => void seen.push(request.region) };
    test.world.interceptors.push(interceptor);

    await identity({ region: "eu-central-1" });

    test.world.interceptors.splice(test.world.interceptors.indexOf(interceptor), 1);
    expect(seen).toEqual(["eu-central-1"]);
  });

  it("accepts a presigned URL until it expires", async () => {
    const at = (offsetSeconds: number) => new Date(test.world.clock.now() + offsetSeconds * 1000);

    const fresh = await fetch(presigned(at(0), 60));
    const old = await fetch(presigned(at(-7200), 60));

    expect([fresh.status, old.status]).toEqual([200, 403]);
    expect(await old.text()).toContain("Request has expired");
  });
});

describe("sts AssumeRole", () => {
  const assume = (config: object, RoleArn: string) =>
    new STSClient({ ...test.admin, ...config }).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: "drill" }),
    );

  it("gives credentials that act as the role", async () => {
    const { roleArn } = await test.as("assumed", []);

    const { Credentials } = await assume({}, roleArn);

    const credentials = {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    };
    expect((await identity({ credentials })).Arn).toBe(
      "arn:aws:sts::123456789012:assumed-role/assumed/drill",
    );
  });

  it("needs the trust policy's consent", async () => {
    const trusted = await test.as("trusted-caller", []);
    const stranger = await test.as("other-caller", [
      { Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" },
    ]);
    const trust = {
      Statement: [{ Effect: "Allow", Principal: { AWS: trusted.roleArn }, Action: "sts:AssumeRole" }],
    };
    const target = await test.as("guarded", [], trust);

    await assume(trusted, target.roleArn);

    await expect(assume(stranger, target.roleArn)).rejects.toMatchObject({ name: "AccessDenied" });
  });

  it("lets go of the credentials when the session is over", async () => {
    const { roleArn } = await test.as("short", []);
    const { Credentials } = await new STSClient(test.admin).send(
      new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "drill", DurationSeconds: 900 }),
    );
    const credentials = {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    };
    const now = test.world.clock.now;
    test.world.clock.now = () => now() + 901_000;

    const late = identity({ credentials });

    await expect(late).rejects.toMatchObject({ name: "ExpiredToken" });
    test.world.clock.now = now;
  });
});

/** A presigned GetCallerIdentity of the administrator, made as the SigV4 documentation says. */
function presigned(date: Date, seconds: number): string {
  const { accessKeyId, secretAccessKey } = test.admin.credentials;
  const stamp = date.toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = `${stamp.slice(0, 8)}/us-east-1/sts/aws4_request`;
  const query = new URLSearchParams({
    Action: "GetCallerIdentity",
    Version: "2011-06-15",
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${accessKeyId}/${scope}`,
    "X-Amz-Date": stamp,
    "X-Amz-Expires": String(seconds),
    "X-Amz-SignedHeaders": "host",
  });
  query.sort();
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  const host = new URL(test.endpoint).host;
  const canonical = ["GET", "/", query.toString(), `host:${host}\n`, "host", hash("")].join("\n");
  const key = scope
    .split("/")
    .reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${secretAccessKey}`);
  const signature = hmac(key, ["AWS4-HMAC-SHA256", stamp, scope, hash(canonical)].join("\n")).toString("hex");
  return `${test.endpoint}/?${query}&X-Amz-Signature=${signature}`;
}
