import {
  CreateTopicCommand,
  type CreateTopicCommandInput,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListTopicsCommand,
  PublishCommand,
  type PublishCommandInput,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  type SubscribeCommandInput,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sns } from "../../sandbox/services/sns/index.ts";
import { sqs } from "../../sandbox/services/sqs/index.ts";
import { openWorld, type TestWorld } from "../sandbox/front/harness.ts";
import { differences, failure } from "./comparison.ts";
import { recorded } from "./recorded.ts";

const cases = recorded<Record<string, { "recorded-content": Record<string, unknown> }>>("recorded/sns.json");

let test: TestWorld;
let client: SNSClient;
let queues: SQSClient;
let passed = 0;
let names = 0;
const unique = (prefix: string) => `${prefix}-${++names}`;

beforeAll(async () => {
  test = await openWorld([sqs, sns], { speed: 60 });
  client = new SNSClient(test.admin);
  queues = new SQSClient(test.admin);
});
afterAll(async () => {
  console.log(`SNS conformance: ${passed} of ${Object.keys(cases ?? {}).length} recorded cases`);
  await test.close();
});

const create = (input: Partial<CreateTopicCommandInput> = {}) =>
  client.send(new CreateTopicCommand({ Name: unique("topic"), ...input }));
const attributesOf = (TopicArn: string | undefined, from = client) =>
  from.send(new GetTopicAttributesCommand({ TopicArn }));
const publish = (input: Partial<PublishCommandInput>) =>
  client.send(new PublishCommand({ Message: "Good news everyone!", ...input }));
const subscribe = (input: Partial<SubscribeCommandInput>) =>
  client.send(new SubscribeCommand(input as SubscribeCommandInput));
const unsubscribe = (SubscriptionArn: string | undefined) =>
  client.send(new UnsubscribeCommand({ SubscriptionArn }));

async function topicWithQueue() {
  const { TopicArn } = await create();
  const name = unique("queue");
  const arn = test.world.arn("sqs", name);
  const Policy = JSON.stringify({
    Statement: {
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: arn,
      Condition: { ArnEquals: { "aws:SourceArn": TopicArn } },
    },
  });
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: name, Attributes: { Policy } }));
  const { SubscriptionArn } = await subscribe({ TopicArn, Protocol: "sqs", Endpoint: arn });
  return {
    TopicArn: TopicArn!,
    SubscriptionArn: SubscriptionArn!,
    /** Receives and deletes one message; the answer as it came. */
    receive: async () => {
      const found = await queues.send(
        new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20, MessageAttributeNames: ["All"] }),
      );
      for (const { ReceiptHandle } of found.Messages ?? [])
        await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      return found;
    },
  };
}

/** What was asked in each recording; the answers stand under the recording's own keys. */
const replays: Record<string, () => Promise<Record<string, unknown>>> = {
  test_create_topic_with_attributes: async () => {
    const { TopicArn } = await create({
      Name: "topictest.fifo",
      Attributes: { DisplayName: "TestTopic", SignatureVersion: "2", FifoTopic: "true" },
    });
    return {
      "get-topic-attrs": await attributesOf(TopicArn),
      "get-attrs-nonexistent-topic": await failure(attributesOf(`${TopicArn!.slice(0, -8)}12345678`)),
      "get-attrs-malformed-topic": await failure(attributesOf("test-topic")),
    };
  },
  test_create_topic_test_arn: async () => {
    const created = await create();
    return {
      "create-topic": created,
      "get-topic-attrs": await attributesOf(created.TopicArn),
      "delete-topic": await client.send(new DeleteTopicCommand({ TopicArn: created.TopicArn })),
      "topic-not-exists": await failure(attributesOf(created.TopicArn)),
    };
  },
  test_create_topic_after_delete_with_new_tags: async () => {
    const Name = unique("test");
    const first = await create({ Name, Tags: [{ Key: "Name", Value: "pqr" }] });
    await client.send(new DeleteTopicCommand({ TopicArn: first.TopicArn }));
    return { "topic-0": first, "topic-1": await create({ Name, Tags: [{ Key: "Name", Value: "abc" }] }) };
  },
  test_publish_wrong_arn_format: async () => ({
    "invalid-topic-arn": await failure(publish({ TopicArn: "randomstring" })),
    "invalid-topic-arn-1": await failure(publish({ TopicArn: "randomstring:1" })),
    "empty-topic": await failure(publish({ TopicArn: "" })),
  }),
  test_publish_message_by_target_arn: async () => {
    const { TopicArn, receive } = await topicWithQueue();
    await publish({ TopicArn, Message: "test-msg-1" });
    const first = await receive();
    await publish({ TargetArn: TopicArn, Message: "test-msg-2" });
    return { "receive-topic-arn": first, "receive-target-arn": await receive() };
  },
  test_publish_with_empty_subject: async () => {
    const { TopicArn } = await create();
    const Message = JSON.stringify({ message: "test_publish" });
    return {
      "response-without-subject": await publish({ TopicArn, Message }),
      "response-with-empty-subject": await failure(publish({ TopicArn, Message, Subject: "" })),
    };
  },
  test_publish_too_long_message: async () => {
    const { TopicArn } = await create();
    const MessageAttributes = { attr1: { DataType: "Number", StringValue: "1" } };
    const most = 262_144 - "attr1Number1".length;
    const answers = {
      error: await failure(publish({ TopicArn, Message: "This is a test message".repeat(12_000) })),
      "error-with-attrs": await failure(
        publish({ TopicArn, Message: "a".repeat(most + 1), MessageAttributes }),
      ),
    };
    await publish({ TopicArn, Message: "a".repeat(most), MessageAttributes });
    return answers;
  },
  test_message_structure_json_exc: async () => {
    const { TopicArn } = await create();
    const json = (Message: string) => publish({ TopicArn, Message, MessageStructure: "json" });
    return {
      "missing-default-key": await failure(json('{"sqs": "Test message"}')),
      "invalid-json": await failure(json('{"default": "This is a default message"} }')),
      "duplicate-json-keys": await json('{"default": "This is a default message", "default": "Duplicate"}'),
      "key-is-not-string": await failure(json('{"default": {"object": "test"}}')),
    };
  },
  test_unsubscribe_from_non_existing_subscription: async () => {
    const { SubscriptionArn } = await topicWithQueue();
    await unsubscribe(SubscriptionArn);
    return { "empty-unsubscribe": await unsubscribe(SubscriptionArn) };
  },
  test_message_structure_json_to_sqs: async () => {
    const { TopicArn, receive } = await topicWithQueue();
    const json = (bodies: object) =>
      publish({ TopicArn, Message: JSON.stringify(bodies), MessageStructure: "json" });
    await json({ default: "default field", sqs: '{"field": "value"}' });
    const own = await receive();
    await json({ default: "default field", sqs: { field: "value" } });
    return { "get-msg-json-sqs": own, "get-msg-json-default": await receive() };
  },
  test_publish_wrong_phone_format: async () => {
    const { TopicArn } = await create();
    return {
      "invalid-number": await failure(publish({ PhoneNumber: "+1a234" })),
      "wrong-format": await failure(publish({ PhoneNumber: "NAA+15551234567" })),
      "wrong-endpoint": await failure(subscribe({ TopicArn, Protocol: "sms", Endpoint: "NAA+15551234567" })),
    };
  },
  test_subscribe_idempotency: async () => {
    const { TopicArn } = await create();
    const Endpoint = test.world.arn("sqs", unique("queue"));
    const again = (Attributes?: Record<string, string>) =>
      subscribe({ TopicArn, Protocol: "sqs", Endpoint, ReturnSubscriptionArn: true, Attributes });
    const first = await again({ RawMessageDelivery: "True" });
    return {
      subscribe: first,
      "get-sub-attrs": await client.send(
        new GetSubscriptionAttributesCommand({ SubscriptionArn: first.SubscriptionArn }),
      ),
      "subscribe-exact-same-raw": await again({ RawMessageDelivery: "true" }),
      "subscribe-idempotent": await again({
        RawMessageDelivery: "true",
        FilterPolicyScope: "MessageAttributes",
      }),
      "subscribe-idempotent-no-attributes": await again(),
      "subscribe-idempotent-empty-attributes": await again({}),
      "subscribe-missing-attributes": await again({ FilterPolicyScope: "MessageAttributes" }),
      "subscribe-diff-attributes": await failure(
        again({ RawMessageDelivery: "false", FilterPolicyScope: "MessageBody" }),
      ),
    };
  },
  test_unsubscribe_wrong_arn_format: async () => ({
    "invalid-unsubscribe-arn-1": await failure(unsubscribe("randomstring")),
    "invalid-unsubscribe-arn-2": await failure(unsubscribe("arn:aws:sns:us-east-1:random")),
    "invalid-unsubscribe-arn-3": await failure(unsubscribe("arn:aws:sns:us-east-1:111111111111:random")),
    "invalid-unsubscribe-arn-4": await failure(unsubscribe(undefined)),
  }),
  test_unsubscribe_idempotency: async () => {
    const { SubscriptionArn } = await topicWithQueue();
    return {
      "unsubscribe-1": await unsubscribe(SubscriptionArn),
      "unsubscribe-2": await unsubscribe(SubscriptionArn),
    };
  },
  test_create_topic_should_be_idempotent: async () => {
    const Name = unique("test-idempotent");
    const { TopicArn } = await create({ Name });
    await client.send(
      new SetTopicAttributesCommand({
        TopicArn,
        AttributeName: "DisplayName",
        AttributeValue: "AlreadySet",
      }),
    );
    const first = await attributesOf(TopicArn);
    const again = await create({ Name });
    return {
      "topic-attrs-idempotent-1": first,
      "topic-attrs-idempotent-2": await attributesOf(again.TopicArn),
    };
  },
  test_create_topic_name_constraints: async () => {
    const refused = (Name: string, Attributes?: Record<string, string>) =>
      failure(create({ Name, Attributes }));
    const characters = [":", ";", "!", "@", "|", "^", "%", " "];
    const answers: [string, unknown][] = [
      ["valid-name-max-length", await create({ Name: "a".repeat(256) })],
      ["name-too-short", await refused("")],
      ["name-too-long", await refused("a".repeat(257))],
      ["name-contains-fifo", await refused("test.fifo")],
      ["fifo-name-not-contains-fifo", await refused("test", { FifoTopic: "true" })],
    ];
    for (const [index, character] of characters.entries())
      answers.push([`name-invalid-char-${index}`, await refused(`bad${character}name`)]);
    return Object.fromEntries(answers);
  },
  test_create_topic_in_multiple_regions: async () => {
    const Name = unique("multiregion");
    const [east, west] = ["us-east-2", "us-west-1"].map((region) => new SNSClient({ ...test.admin, region }));
    const first = await east!.send(new CreateTopicCommand({ Name }));
    const second = await west!.send(new CreateTopicCommand({ Name }));
    return {
      "list-primary": await east!.send(new ListTopicsCommand({})),
      "list-secondary": await west!.send(new ListTopicsCommand({})),
      "topic-east": await attributesOf(first.TopicArn, east),
      "topic-west": await attributesOf(second.TopicArn, west),
    };
  },
  test_unsubscribe_from_deleted_topic: async () => {
    const { TopicArn } = await create();
    const { SubscriptionArn } = await subscribe({
      TopicArn,
      Protocol: "http",
      Endpoint: "http://127.0.0.1:9/",
    });
    await client.send(new DeleteTopicCommand({ TopicArn }));
    return { "unsubscribe-deleted-topic": await failure(unsubscribe(SubscriptionArn)) };
  },
  test_create_topic_different_attrs: async () => {
    const Name = unique("test-idempotent");
    const again = (Attributes?: Record<string, string>) => create({ Name, Attributes });
    const first = await again({ DisplayName: "Value1" });
    const answers: Record<string, unknown> = {
      "create-topic": first,
      "create-topic-no-attrs": await again(),
      "topic-attrs": await attributesOf(first.TopicArn),
    };
    await again({ DisplayName: "Value1" });
    await again({ FifoTopic: "false" });
    answers["create-topic-diff-attrs"] = await failure(again({ DisplayName: "Value2" }));
    answers["create-topic-new-attrs-fifo"] = await failure(again({ FifoTopic: "true" }));
    answers["create-topic-new-attrs"] = await failure(again({ SignatureVersion: "2" }));
    answers["create-topic-new-and-same-attrs"] = await failure(
      again({ SignatureVersion: "2", DisplayName: "Value1" }),
    );
    return answers;
  },
};

describe.skipIf(!cases)("SNS answers as AWS was recorded", () => {
  it.each(Object.keys(cases ?? {}))("%s", async (name) => {
    const replay = replays[name.split("::").at(-1)!];
    expect(replay, `no replay is written for ${name}`).toBeDefined();

    const answers = await replay!();

    const placeholders = { account: test.world.account, meanings: new Map<string, string>() };
    expect(differences(cases![name]!["recorded-content"], answers, placeholders)).toEqual([]);
    passed += 1;
  });
});
