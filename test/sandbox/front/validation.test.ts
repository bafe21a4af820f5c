import { CloudWatchLogsClient, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { logs } from "../../../sandbox/services/logs/index.ts";
import { s3 } from "../../../sandbox/services/s3/index.ts";
import { sqs } from "../../../sandbox/services/sqs/index.ts";
import { openWorld, type TestWorld } from "./harness.ts";

let test: TestWorld;
beforeAll(async () => {
  test = await openWorld([logs, s3, sqs]);
});
afterAll(() => test.close());

/** Puts another body into a request before it is signed. */
function cutTo(request: unknown, body: string): void {
  const { headers } = Object.assign(request as { headers: Record<string, string> }, { body });
  headers["content-length"] = String(body.length);
}

/** What a caller without types can send. */
const wrong = (input: object) => input as never;

describe("bad input", () => {
  it("of the wrong type is a SerializationException in the JSON protocols", async () => {
    const call = new SQSClient(test.admin).send(new CreateQueueCommand(wrong({ QueueName: 5 })));

    await expect(call).rejects.toMatchObject({
      message: "expected a string, not 5",
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("that lacks required members names every one of them", async () => {
    const call = new CloudWatchLogsClient(test.admin).send(
      new PutLogEventsCommand(wrong({ logGroupName: "g", logEvents: [{ message: "no time" }] })),
    );

    await expect(call).rejects.toMatchObject({
      name: "ValidationException",
      message:
        "2 validation errors detected: Value null at 'logStreamName' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'logEvents.1.member.timestamp' failed to satisfy constraint: Member must not be null",
    });
  });

  it("that lacks required members is a ValidationError in the query protocol", async () => {
    const call = new IAMClient(test.admin).send(new CreateRoleCommand(wrong({ RoleName: "r" })));

    await expect(call).rejects.toMatchObject({
      name: "ValidationError",
      message: expect.stringContaining("assumeRolePolicyDocument"),
    });
  });

  it("that is no XML is refused by an XML service", async () => {
    const client = new S3Client(test.admin);
    await client.send(new CreateBucketCommand({ Bucket: "a-bucket" }));
    client.middlewareStack.add(
      (next) => async (args) => {
        cutTo(args.request, "<VersioningConfiguration><Status>Enabled");
        return next(args);
      },
      { step: "build", priority: "low", name: "cut" },
    );

    const call = client.send(
      new PutBucketVersioningCommand({ Bucket: "a-bucket", VersioningConfiguration: { Status: "Enabled" } }),
    );

    await expect(call).rejects.toMatchObject({ name: "MalformedXML", $metadata: { httpStatusCode: 400 } });
  });

  it("that is no JSON is refused by a JSON service", async () => {
    const client = new SQSClient(test.admin);
    client.middlewareStack.add(
      (next) => async (args) => {
        cutTo(args.request, '{"QueueName": ');
        return next(args);
      },
      { step: "build", priority: "low", name: "cut" },
    );

    const call = client.send(new CreateQueueCommand({ QueueName: "q" }));

    await expect(call).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
  });
});
