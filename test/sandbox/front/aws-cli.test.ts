import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dynamodb } from "../../../sandbox/services/dynamodb/index.ts";
import { ec2 } from "../../../sandbox/services/ec2/index.ts";
import { logs } from "../../../sandbox/services/logs/index.ts";
import { s3 } from "../../../sandbox/services/s3/index.ts";
import { sqs } from "../../../sandbox/services/sqs/index.ts";
import { AWS_CLI, aws } from "./aws-cli.ts";
import { openWorld, type TestWorld } from "./harness.ts";

let test: TestWorld;
beforeAll(async () => {
  test = await openWorld([dynamodb, ec2, logs, s3, sqs], { speed: 60 });
});
afterAll(() => test.close());

describe.skipIf(!AWS_CLI)("the aws command line as a client", () => {
  it("sts (query): knows who calls", async () => {
    expect(await aws(test, "sts", "get-caller-identity")).toMatchObject({ Account: "123456789012" });
  });

  it("iam (query): makes a role and reads its policy back as JSON", async () => {
    const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] };
    const trust = {
      Statement: [
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    };
    await aws(
      test,
      "iam",
      "create-role",
      "--role-name",
      "cli",
      "--assume-role-policy-document",
      JSON.stringify(trust),
    );
    await aws(
      test,
      "iam",
      "put-role-policy",
      "--role-name",
      "cli",
      "--policy-name",
      "p",
      "--policy-document",
      JSON.stringify(policy),
    );

    const role = await aws(test, "iam", "get-role", "--role-name", "cli");
    const found = await aws(test, "iam", "get-role-policy", "--role-name", "cli", "--policy-name", "p");

    expect(role).toMatchObject({ Role: { AssumeRolePolicyDocument: trust } });
    expect(found).toMatchObject({ PolicyDocument: policy });
  });

  it("an error arrives with its wire code and text", async () => {
    const missing = aws(test, "iam", "get-role", "--role-name", "none");

    await expect(missing).rejects.toThrow(
      "An error occurred (NoSuchEntity) when calling the GetRole operation: The role with name none cannot be found.",
    );
  });

  it("sqs (query or JSON, by its version): sends, receives, deletes", async () => {
    const { QueueUrl } = (await aws(test, "sqs", "create-queue", "--queue-name", "cli")) as {
      QueueUrl: string;
    };
    await aws(
      test,
      "sqs",
      "send-message",
      "--queue-url",
      QueueUrl,
      "--message-body",
      'a "quoted" <body> & more',
    );

    const { Messages } = (await aws(
      test,
      "sqs",
      "receive-message",
      "--queue-url",
      QueueUrl,
      "--attribute-names",
      "All",
    )) as {
      Messages: { Body: string; ReceiptHandle: string; Attributes: object }[];
    };
    await aws(
      test,
      "sqs",
      "delete-message",
      "--queue-url",
      QueueUrl,
      "--receipt-handle",
      Messages[0]!.ReceiptHandle,
    );

    expect(Messages.map((each) => each.Body)).toEqual(['a "quoted" <body> & more']);
    expect(Messages[0]?.Attributes).toMatchObject({ ApproximateReceiveCount: "1" });
    expect(
      await aws(
        test,
        "sqs",
        "get-queue-attributes",
        "--queue-url",
        QueueUrl,
        "--attribute-names",
        "ApproximateNumberOfMessages",
      ),
    ).toEqual({
      Attributes: { ApproximateNumberOfMessages: "0" },
    });
    await expect(aws(test, "sqs", "get-queue-url", "--queue-name", "none")).rejects.toThrow(
      "AWS.SimpleQueueService.NonExistentQueue",
    );
  });

  it("s3 (REST-XML): copies files up and down, lists and removes them", async () => {
    const file = join(test.world.root, "up.txt");
    const back = join(test.world.root, "down.txt");
    writeFileSync(file, "from the command line\n".repeat(1000));
    await aws(test, "s3", "mb", "s3://cli-bucket");
    await aws(test, "s3", "cp", file, "s3://cli-bucket/a folder/up.txt");

    const listed = await aws(test, "s3api", "list-objects-v2", "--bucket", "cli-bucket");
    await aws(test, "s3", "cp", "s3://cli-bucket/a folder/up.txt", back);
    await aws(test, "s3", "rm", "s3://cli-bucket/a folder/up.txt");
    const head = aws(test, "s3api", "head-object", "--bucket", "cli-bucket", "--key", "a folder/up.txt");

    expect(listed).toMatchObject({ Contents: [{ Key: "a folder/up.txt", Size: 22_000 }] });
    expect(readFileSync(back, "utf8")).toBe(readFileSync(file, "utf8"));
    await expect(head).rejects.toThrow("(404)");
  });

  it("s3: a presigned URL is good for whoever has it", async () => {
    await aws(test, "s3", "mb", "s3://presigned-bucket");
    const file = join(test.world.root, "shared.txt");
    writeFileSync(file, "shared");
    await aws(test, "s3", "cp", file, "s3://presigned-bucket/shared.txt");

    const url = (await aws(
      test,
      "s3",
      "presign",
      "s3://presigned-bucket/shared.txt",
      "--expires-in",
      "600",
    )) as string;
    const answer = await fetch(url);
    const tampered = await fetch(url.replace("shared.txt", "other.txt"));

    expect([answer.status, await answer.text(), tampered.status]).toEqual([200, "shared", 403]);
  });

  it("dynamodb (JSON): writes and reads an item", async () => {
    const table = ["--table-name", "cli"];
    await aws(
      test,
      ...["dynamodb", "create-table", ...table, "--billing-mode", "PAY_PER_REQUEST"],
      ...[
        "--key-schema",
        "AttributeName=pk,KeyType=HASH",
        "--attribute-definitions",
        "AttributeName=pk,AttributeType=S",
      ],
    );
    await aws(test, "dynamodb", "wait", "table-exists", ...table);
    await aws(test, "dynamodb", "put-item", ...table, "--item", '{"pk":{"S":"a"},"n":{"N":"1"}}');

    expect(await aws(test, "dynamodb", "get-item", ...table, "--key", '{"pk":{"S":"a"}}')).toEqual({
      Item: { pk: { S: "a" }, n: { N: "1" } },
    });
  });

  it("logs (JSON): a stream's events", async () => {
    await aws(test, "logs", "create-log-group", "--log-group-name", "cli");
    await aws(test, "logs", "create-log-stream", "--log-group-name", "cli", "--log-stream-name", "s");
    const stream = ["--log-group-name", "cli", "--log-stream-name", "s"];
    const timestamp = Math.floor(test.world.clock.now());
    await aws(
      test,
      "logs",
      "put-log-events",
      ...stream,
      "--log-events",
      JSON.stringify([{ timestamp, message: "hello" }]),
    );

    expect(await aws(test, "logs", "get-log-events", ...stream)).toMatchObject({
      events: [{ timestamp, message: "hello" }],
    });
  });

  it("ec2 (EC2 query): security groups with their rules", async () => {
    const { GroupId } = (await aws(
      test,
      "ec2",
      "create-security-group",
      "--group-name",
      "cli",
      "--description",
      "made by the CLI",
    )) as {
      GroupId: string;
    };
    await aws(
      test,
      ...[
        "ec2",
        "authorize-security-group-ingress",
        "--group-id",
        GroupId,
        "--protocol",
        "tcp",
        "--port",
        "5432",
        "--cidr",
        "10.0.0.0/8",
      ],
    );

    expect(await aws(test, "ec2", "describe-security-groups", "--group-ids", GroupId)).toMatchObject({
      SecurityGroups: [
        {
          GroupName: "cli",
          IpPermissions: [{ FromPort: 5432, ToPort: 5432, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }],
        },
      ],
    });
  });

  it("says what the sandbox has not got", async () => {
    await expect(aws(test, "sts", "get-session-token")).rejects.toThrow("(NotImplementedBySandbox)");
    await expect(aws(test, "kms", "list-keys")).rejects.toThrow("NotImplementedBySandbox");
  });
});
