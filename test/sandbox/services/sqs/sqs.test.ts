import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { monitoring } from "../../../../sandbox/services/monitoring/index.ts";
import { sqs } from "../../../../sandbox/services/sqs/index.ts";
import { until } from "../../../../scenarios/until.ts";
import { openWorld, type TestWorld } from "../../front/harness.ts";

let test: TestWorld;
let client: SQSClient;
let names = 0;

beforeAll(async () => {
  test = await openWorld([sqs, monitoring], { speed: 60 });
  client = new SQSClient(test.admin);
});
afterAll(() => test.close());

async function queue(Attributes: Record<string, string> = {}): Promise<{ url: string; arn: string }> {
  const suffix = Attributes["FifoQueue"] ? ".fifo" : "";
  const { QueueUrl } = await client.send(
    new CreateQueueCommand({ QueueName: `queue-${++names}${suffix}`, Attributes }),
  );
  const found = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
  return { url: QueueUrl!, arn: found.Attributes!["QueueArn"]! };
}
const receive = async (QueueUrl: string, more = {}) =>
  (
    await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
        ...more,
      }),
    )
  ).Messages ?? [];
const send = (QueueUrl: string, MessageBody: string, more = {}) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));

describe("SQS", () => {
  it("hands a message out once until its visibility ends, then again", async () => {
    const { url } = await queue({ VisibilityTimeout: "120" });
    await send(url, "work", { MessageAttributes: { kind: { DataType: "String", StringValue: "alarm" } } });

    const [first] = await receive(url);
    const hidden = await receive(url);
    let again: Message | undefined;
    await until("it to be visible again", async () => {
      [again] = await receive(url, { WaitTimeSeconds: 20 });
      return again !== undefined;
    });

    expect(first).toMatchObject({ Body: "work", MessageAttributes: { kind: { StringValue: "alarm" } } });
    expect(hidden).toEqual([]);
    expect([again?.MessageId, again?.Attributes?.["ApproximateReceiveCount"]]).toEqual([
      first?.MessageId,
      "2",
    ]);
  });

  it("a long poll returns as soon as a message arrives", async () => {
    const { url } = await queue();
    const poll = receive(url, { WaitTimeSeconds: 20 });

    await send(url, "awaited");

    expect((await poll).map((each) => each.Body)).toEqual(["awaited"]);
  });

  it("a long poll ends empty after its seconds of sandbox time", async () => {
    const { url } = await queue();
    const before = test.world.clock.now();

    const found = await receive(url, { WaitTimeSeconds: 5 });

    expect(found).toEqual([]);
    expect(test.world.clock.now() - before).toBeGreaterThanOrEqual(5000);
  });

  it("deletes what was received, and a second delete is no error", async () => {
    const { url } = await queue({ VisibilityTimeout: "0" });
    await send(url, "once");
    const [message] = await receive(url);
    const gone = { QueueUrl: url, ReceiptHandle: message?.ReceiptHandle };

    await client.send(new DeleteMessageCommand(gone));
    await client.send(new DeleteMessageCommand(gone));

    expect(await receive(url)).toEqual([]);
  });

  it("moves a message that was received too often to the dead-letter queue", async () => {
    const dead = await queue();
    const source = await queue({
      VisibilityTimeout: "0",
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 }),
    });
    await send(source.url, "poison");

    const receives = [await receive(source.url), await receive(source.url), await receive(source.url)];

    expect(receives.map((each) => each.length)).toEqual([1, 1, 0]);
    const [moved] = await receive(dead.url);
    expect([moved?.Body, moved?.Attributes?.["DeadLetterQueueSourceArn"]]).toEqual(["poison", source.arn]);
  });

  it("does each entry of a batch by itself", async () => {
    const { url } = await queue();
    const Entries = [
      { Id: "good", MessageBody: "x" },
      { Id: "bad", MessageBody: "y".repeat(1_048_577) },
    ];

    const sent = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    const [message] = await receive(url);
    const deleted = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: "1", ReceiptHandle: message?.ReceiptHandle },
          { Id: "2", ReceiptHandle: "nonsense" },
        ],
      }),
    );

    expect([sent.Successful?.map((each) => each.Id), sent.Failed?.map((each) => each.Id)]).toEqual([
      ["good"],
      ["bad"],
    ]);
    expect(deleted.Failed?.map((each) => [each.Id, each.Code])).toEqual([["2", "ReceiptHandleIsInvalid"]]);
  });

  it("gives a message back at once when its visibility is set to zero", async () => {
    const { url } = await queue();
    await send(url, "returned");
    const [message] = await receive(url);

    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: url,
        ReceiptHandle: message?.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );

    expect((await receive(url)).map((each) => each.Body)).toEqual(["returned"]);
  });

  it("counts what is visible, in flight and delayed", async () => {
    const { url } = await queue();
    for (const body of ["a", "b"]) await send(url, body);
    await send(url, "later", { DelaySeconds: 900 });
    await receive(url);

    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
    );

    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: "1",
      ApproximateNumberOfMessagesNotVisible: "1",
      ApproximateNumberOfMessagesDelayed: "1",
    });
    await client.send(new PurgeQueueCommand({ QueueUrl: url }));
    expect(await receive(url)).toEqual([]);
  });

  it("a FIFO queue takes the same deduplication id once and keeps a group in order", async () => {
    const { url } = await queue({ FifoQueue: "true", VisibilityTimeout: "600" });
    const group = { MessageGroupId: "lab" };
    await send(url, "1", { ...group, MessageDeduplicationId: "one" });
    await send(url, "1 again", { ...group, MessageDeduplicationId: "one" });
    await send(url, "2", { ...group, MessageDeduplicationId: "two" });

    const [first] = await receive(url);
    const blocked = await receive(url);
    await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }));
    const [second] = await receive(url);

    expect([first?.Body, blocked.length, second?.Body]).toEqual(["1", 0, "2"]);
  });

  it("a service may send only what the queue's policy allows it to", async () => {
    const { url, arn } = await queue();
    const as = {
      type: "service",
      service: "events.amazonaws.com",
      sourceArn: "arn:aws:events:us-east-1:123456789012:rule/alarm",
    } as const;
    const put = () =>
      test.world.call({
        service: "sqs",
        operation: "SendMessage",
        input: { QueueUrl: url, MessageBody: "x" },
        principal: as,
      });

    await expect(put()).rejects.toMatchObject({ code: "AccessDeniedException" });
    const Statement = {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: arn,
      Condition: { ArnEquals: { "aws:SourceArn": as.sourceArn } },
    };
    await client.send(
      new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { Policy: JSON.stringify({ Statement }) } }),
    );

    await put();
    expect(await receive(url)).toHaveLength(1);
  });

  it("reports how many messages can be received, each minute, as alarms on dead letters ask", async () => {
    const { url } = await queue();
    await send(url, "lost");
    const reported = async () => {
      const now = test.world.clock.now();
      const { Datapoints = [] } = await test.world.call<{ Datapoints?: { Maximum?: number }[] }>({
        service: "monitoring",
        operation: "GetMetricStatistics",
        input: {
          Namespace: "AWS/SQS",
          MetricName: "ApproximateNumberOfMessagesVisible",
          Dimensions: [{ Name: "QueueName", Value: url.split("/").at(-1)! }],
          StartTime: new Date(now - 3_600_000),
          EndTime: new Date(now + 60_000),
          Period: 60,
          Statistics: ["Maximum"],
        },
        principal: { type: "admin" },
      });
      return Datapoints.map(({ Maximum }) => Maximum);
    };

    await until("the metric to tell of it", async () => (await reported()).includes(1));
    await client.send(new PurgeQueueCommand({ QueueUrl: url }));
    await until("the metric to tell that it is gone", async () => (await reported()).includes(0));
  });

  it("names a queue that is not there as the SDK knows it", async () => {
    await expect(send(`${test.endpoint}/123456789012/none`, "x")).rejects.toMatchObject({
      name: "QueueDoesNotExist",
    });
  });
});
