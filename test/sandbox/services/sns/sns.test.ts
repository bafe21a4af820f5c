import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import {
  AddPermissionCommand,
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  RemovePermissionCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { mails, startMail } from "../../../../sandbox/engines/mail.ts";
import { sns } from "../../../../sandbox/services/sns/index.ts";
import { sqs } from "../../../../sandbox/services/sqs/index.ts";
import { openWorld, type TestWorld } from "../../front/harness.ts";

let test: TestWorld;
let client: SNSClient;
let queues: SQSClient;
let names = 0;

beforeAll(async () => {
  // Slow enough that fifteen calls fall into one second on a busy machine too.
  test = await openWorld([sqs, sns], { speed: 6 });
  await startMail(test.world, join(test.world.root, "mail"));
  client = new SNSClient(test.admin);
  queues = new SQSClient(test.admin);
});
afterAll(() => test.close());

async function topic(Attributes?: Record<string, string>, suffix = ""): Promise<string> {
  const Name = `topic-${++names}${suffix}`;
  return (await client.send(new CreateTopicCommand({ Name, Attributes }))).TopicArn!;
}

async function queue(allow = true, Attributes: Record<string, string> = {}, suffix = "") {
  const name = `queue-${++names}${suffix}`;
  const arn = test.world.arn("sqs", name);
  const Policy = JSON.stringify({
    Statement: {
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: arn,
    },
  });
  const { QueueUrl } = await queues.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { ...Attributes, ...(allow ? { Policy } : {}) } }),
  );
  const receive = async (WaitTimeSeconds = 20) =>
    (
      await queues.send(
        new ReceiveMessageCommand({
          QueueUrl,
          WaitTimeSeconds,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ["All"],
          MessageSystemAttributeNames: ["All"],
        }),
      )
    ).Messages ?? [];
  return { arn, receive };
}
const subscribe = (
  TopicArn: string,
  Protocol: string,
  Endpoint: string,
  Attributes?: Record<string, string>,
) =>
  client.send(
    new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true }),
  );
const publish = (TopicArn: string, Message: string, more = {}) =>
  client.send(new PublishCommand({ TopicArn, Message, ...more }));
const mailsTo = (address: string) => mails(test.world).filter(({ to }) => to === address);
const text = (StringValue: string) => ({ DataType: "String", StringValue });

describe("e-mail", () => {
  it("sends nothing before the link of the confirmation was followed, and then as AWS formats it", async () => {
    const arn = await topic();
    await subscribe(arn, "email", "one@example.test");
    await publish(arn, "too early");
    const [confirmation] = mailsTo("one@example.test");
    const link = /https?:\/\/\S+Action=ConfirmSubscription\S+/.exec(confirmation!.text)![0];

    const answer = await fetch(link);
    await publish(arn, "the database is back", { Subject: "Rollback complete" });

    await vi.waitFor(() => expect(mailsTo("one@example.test")).toHaveLength(2));
    const [, mail] = mailsTo("one@example.test");
    expect(confirmation?.subject).toBe("AWS Notification - Subscription Confirmation");
    expect(await answer.text()).toContain("<ConfirmSubscriptionResult>");
    expect(mail).toMatchObject({ subject: "Rollback complete", from: "no-reply@sns.amazonaws.com" });
    expect(mail?.text).toContain("the database is back");
    expect(mail?.text).toContain("If you wish to stop receiving notifications from this topic");
  });

  it("the link at its end unsubscribes", async () => {
    const arn = await topic();
    await subscribe(arn, "email", "two@example.test");
    await fetch(/https?:\/\/\S+Action=ConfirmSubscription\S+/.exec(mailsTo("two@example.test")[0]!.text)![0]);
    await publish(arn, "last one");
    await vi.waitFor(() => expect(mailsTo("two@example.test")).toHaveLength(2));

    await fetch(/https?:\/\/\S+Action=Unsubscribe\S+/.exec(mailsTo("two@example.test")[1]!.text)![0]);

    const { Subscriptions } = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: arn }));
    expect(Subscriptions).toEqual([]);
  });

  it("above ten in a second the subscription is suspended, visibly, and nothing more is delivered", async () => {
    const arn = await topic();
    const { SubscriptionArn } = await subscribe(arn, "email", "flood@example.test");
    await fetch(
      /https?:\/\/\S+Action=ConfirmSubscription\S+/.exec(mailsTo("flood@example.test")[0]!.text)![0],
    );

    // Without awaiting in between.
    const storm = Array.from({ length: 15 }, () =>
      test.world.call({
        service: "sns",
        operation: "Publish",
        input: { TopicArn: arn, Message: "storm" },
        principal: { type: "admin" },
      }),
    );
    await Promise.all(storm);

    await vi.waitFor(async () => {
      const { Attributes } = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
      expect(Attributes?.["SandboxSuspended"]).toBe("true");
    });
    await publish(arn, "after the storm");
    const answered = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
    expect(answered.Attributes?.["SandboxSuspended"]).toBe("true");
    // The confirmation, and at most ten of the storm.
    expect(mailsTo("flood@example.test").length).toBeLessThanOrEqual(11);
  });
});

describe("queues", () => {
  it("raw delivery hands over the body and the attributes as they are", async () => {
    const [arn, { arn: endpoint, receive }] = [await topic(), await queue()];
    await subscribe(arn, "sqs", endpoint, { RawMessageDelivery: "true" });

    await publish(arn, "plain", { MessageAttributes: { kind: text("alarm") } });

    expect((await receive())[0]).toMatchObject({
      Body: "plain",
      MessageAttributes: { kind: { StringValue: "alarm", DataType: "String" } },
    });
  });

  it("a filter on attributes or on the body lets only matching messages through", async () => {
    const arn = await topic();
    const byAttribute = await queue();
    const byBody = await queue();
    await subscribe(arn, "sqs", byAttribute.arn, {
      RawMessageDelivery: "true",
      FilterPolicy: JSON.stringify({
        severity: [{ numeric: [">=", 3] }],
        kind: ["alarm", { prefix: "page" }],
      }),
    });
    await subscribe(arn, "sqs", byBody.arn, {
      RawMessageDelivery: "true",
      FilterPolicyScope: "MessageBody",
      FilterPolicy: JSON.stringify({ detail: { state: [{ "anything-but": "OK" }] } }),
    });
    const severity = (StringValue: string) => ({ DataType: "Number", StringValue });

    await publish(arn, '{"detail":{"state":"OK"}}', {
      MessageAttributes: { kind: text("alarm"), severity: severity("2") },
    });
    await publish(arn, '{"detail":{"state":"ALARM"}}');
    await publish(arn, "no JSON", { MessageAttributes: { kind: text("pager"), severity: severity("3") } });

    expect((await byAttribute.receive()).map(({ Body }) => Body)).toEqual(["no JSON"]);
    expect((await byBody.receive()).map(({ Body }) => Body)).toEqual(['{"detail":{"state":"ALARM"}}']);
  });

  it("what a queue's policy refuses goes to the dead-letter queue at once", async () => {
    const [arn, closed, dead] = [await topic(), await queue(false), await queue()];
    await subscribe(arn, "sqs", closed.arn, {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn }),
    });

    await publish(arn, "refused");

    expect(JSON.parse((await dead.receive())[0]!.Body!)).toMatchObject({
      Type: "Notification",
      Message: "refused",
    });
  });

  it("a FIFO topic keeps its order, drops duplicates and needs a group", async () => {
    const arn = await topic({ FifoTopic: "true", ContentBasedDeduplication: "true" }, ".fifo");
    const fifo = await queue(true, { FifoQueue: "true" }, ".fifo");
    await subscribe(arn, "sqs", fifo.arn, { RawMessageDelivery: "true" });

    await expect(publish(arn, "one")).rejects.toThrow(
      "The MessageGroupId parameter is required for FIFO topics",
    );
    const first = await publish(arn, "one", { MessageGroupId: "g" });
    const again = await publish(arn, "one", { MessageGroupId: "g" });
    await publish(arn, "two", { MessageGroupId: "g" });

    expect(again).toMatchObject({ MessageId: first.MessageId, SequenceNumber: first.SequenceNumber });
    expect((await fifo.receive()).map(({ Body }) => Body)).toEqual(["one", "two"]);
  });
});

describe("HTTP endpoints", () => {
  it("confirm themselves with the posted link, get signed notifications, and are tried again", async () => {
    const requests: {
      headers: IncomingHttpHeaders;
      body: { Type: string; Message: string; SubscribeURL: string };
    }[] = [];
    let failures = 1;
    const server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const body = JSON.parse(Buffer.concat(parts).toString());
      requests.push({ headers: request.headers, body });
      if (body.Type === "SubscriptionConfirmation") await fetch(body.SubscribeURL);
      response.statusCode = body.Type === "Notification" && failures-- > 0 ? 503 : 200;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const arn = await topic();
    const { SubscriptionArn } = await subscribe(
      arn,
      "http",
      `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    );
    await vi.waitFor(async () => {
      const found = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
      expect(found.Attributes?.["PendingConfirmation"]).toBe("false");
    });

    await publish(arn, "hello");

    await vi.waitFor(() => expect(requests).toHaveLength(3), 5_000);
    const [, failed, delivered] = requests;
    expect(delivered?.body).toEqual(failed?.body);
    expect(delivered?.body).toMatchObject({ Type: "Notification", Message: "hello", SignatureVersion: "1" });
    expect(delivered?.headers).toMatchObject({
      "user-agent": "Amazon Simple Notification Service Agent",
      "x-amz-sns-message-type": "Notification",
      "x-amz-sns-topic-arn": arn,
      "x-amz-sns-subscription-arn": SubscriptionArn,
    });
    await new Promise((resolve) => server.close(resolve));
  });
});

describe("refusals", () => {
  it.each([
    ["AttributeName", "Fake", "x", "Invalid parameter: AttributeName"],
    [
      "raw",
      "RawMessageDelivery",
      "maybe",
      "Invalid parameter: RawMessageDelivery: Invalid value [maybe]. Must be true or false.",
    ],
    [
      "dead letters",
      "RedrivePolicy",
      '{"deadLetterTargetArn":"x"}',
      "Invalid parameter: RedrivePolicy: deadLetterTargetArn is an invalid arn",
    ],
    [
      "JSON",
      "FilterPolicy",
      "{invalidjson}",
      "Invalid parameter: FilterPolicy: failed to parse JSON. Unexpected character ('i' (code 105)): was expecting double-quote to start field name\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 2]",
    ],
  ])("SetSubscriptionAttributes: %s", async (_, AttributeName, AttributeValue, message) => {
    const [arn, { arn: endpoint }] = [await topic(), await queue()];
    const { SubscriptionArn } = await subscribe(arn, "sqs", endpoint);

    const set = client.send(
      new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }),
    );

    await expect(set).rejects.toThrow(message);
  });

  it.each([
    [
      { attr1: { DataType: "String", StringValue: "" } },
      "The message attribute 'attr1' must contain non-empty message attribute value for message attribute type 'String'.",
    ],
    [
      { attr1: { DataType: "Text", StringValue: "x" } },
      "The message attribute 'attr1' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
    ],
  ])("Publish with attributes %j", async (MessageAttributes, message) => {
    await expect(publish(await topic(), "x", { MessageAttributes })).rejects.toThrow(message);
  });

  it.each(["", " starts with a space", "line\nbreak", "ü", "x".repeat(101)])(
    "Publish with the subject %j",
    async (Subject) => {
      await expect(publish(await topic(), "x", { Subject })).rejects.toThrow("Invalid parameter: Subject");
    },
  );
});

it("a role may publish where its policy says so, and nowhere else", async () => {
  const [mine, other] = [await topic(), await topic()];
  const role = await test.as("publisher", [{ Effect: "Allow", Action: "sns:Publish", Resource: mine }]);
  const limited = new SNSClient(role);

  await limited.send(new PublishCommand({ TopicArn: mine, Message: "allowed" }));

  await expect(limited.send(new PublishCommand({ TopicArn: other, Message: "denied" }))).rejects.toThrow(
    `is not authorized to perform: sns:Publish on resource: ${other}`,
  );
});

it("permissions are statements of the topic's policy", async () => {
  const TopicArn = await topic();
  const statements = async () =>
    JSON.parse((await client.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes!["Policy"]!)
      .Statement;
  const add = () =>
    client.send(
      new AddPermissionCommand({
        TopicArn,
        Label: "friends",
        AWSAccountId: ["210987654321"],
        ActionName: ["Publish"],
      }),
    );

  await add();
  const added = await statements();
  await expect(add()).rejects.toThrow("Invalid parameter: Statement already exists");
  await client.send(new RemovePermissionCommand({ TopicArn, Label: "friends" }));

  expect(added[1]).toEqual({
    Sid: "friends",
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::210987654321:root" },
    Action: "SNS:Publish",
    Resource: TopicArn,
  });
  expect(await statements()).toHaveLength(1);
});
