import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  GetTopicAttributesCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sns } from "../../../../sandbox/services/sns/index.ts";
import { snsState } from "../../../../sandbox/services/sns/state.ts";
import { openWorld, type TestWorld } from "../../front/harness.ts";

let test: TestWorld;
let client: SNSClient;
let names = 0;

beforeAll(async () => {
  test = await openWorld([sns]);
  client = new SNSClient(test.admin);
});
afterAll(() => test.close());

async function topic(Attributes?: Record<string, string>): Promise<string> {
  const Name = `topic-${++names}${Attributes ? ".fifo" : ""}`;
  return (await client.send(new CreateTopicCommand({ Name, Attributes }))).TopicArn!;
}
const queue = (suffix = "") => test.world.arn("sqs", `queue-${++names}${suffix}`);
const subscribe = (TopicArn: string, Endpoint: string, Attributes?: Record<string, string>) =>
  client.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint, Attributes }));
const set = (SubscriptionArn: string | undefined, AttributeName: string, AttributeValue: string) =>
  client.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));

describe("what SNS refuses, in its words", () => {
  it("a topic of another region is no topic here", async () => {
    const TopicArn = await topic();
    const elsewhere = new SNSClient({ ...test.admin, region: "eu-west-1" });

    for (const call of [
      () => elsewhere.send(new GetTopicAttributesCommand({ TopicArn })),
      () => elsewhere.send(new PublishCommand({ TopicArn, Message: "hello" })),
      () => elsewhere.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queue() })),
    ])
      await expect(call()).rejects.toMatchObject({
        name: "InvalidParameterException",
        message: "Invalid parameter: TopicArn",
      });
  });

  it.each([
    [{ ".abc": {} }, "Invalid message attribute name starting with character '.' was found."],
    [{ "abc.": {} }, "Invalid message attribute name ending with character '.' was found."],
    [{ "a..bc": {} }, "Message attribute name can not have successive '.' character."],
    [{ "a^": {} }, /'#x5E' was found in the message attribute name/],
    [{ a: { DataType: "String." } }, /invalid message attribute type/],
    [{ a: { DataType: "Stringlike" } }, /invalid message attribute type/],
    [
      { a: { DataType: "Number", StringValue: undefined, BinaryValue: Buffer.from("1") } },
      "The message attribute 'a' with type 'Number' must use field 'String'.",
    ],
    [{ a: { DataType: "Binary" } }, "The message attribute 'a' with type 'Binary' must use field 'Binary'."],
  ])("message attributes %j", async (given, words) => {
    const MessageAttributes = Object.fromEntries(
      Object.entries(given).map(([name, each]) => [name, { DataType: "String", StringValue: "1", ...each }]),
    );
    const call = client.send(
      new PublishCommand({ TopicArn: await topic(), Message: "hello", MessageAttributes }),
    );

    await expect(call).rejects.toThrow(words);
  });

  it("a FIFO queue cannot follow a standard topic, nor have a standard queue for what it did not get", async () => {
    const fifo = await topic({ FifoTopic: "true" });
    const { SubscriptionArn } = await subscribe(fifo, queue(".fifo"));

    await expect(subscribe(await topic(), queue(".fifo"))).rejects.toThrow(
      "Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics",
    );
    await expect(
      set(SubscriptionArn, "RedrivePolicy", JSON.stringify({ deadLetterTargetArn: queue() })),
    ).rejects.toThrow(
      "Invalid parameter: RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.",
    );
  });

  it("a JSON message without a default is refused before the group that a FIFO topic wants", async () => {
    const TopicArn = await topic({ FifoTopic: "true" });
    const publish = (Message: string, MessageStructure?: string) =>
      client.send(new PublishCommand({ TopicArn, Message, MessageStructure }));

    await expect(publish('{"sqs": "1"}', "json")).rejects.toThrow("No default entry in JSON message body");
    await expect(publish("1")).rejects.toThrow("The MessageGroupId parameter is required for FIFO topics");
  });

  it("a token confirms its subscription whatever topic of the region is named, an unknown one none", async () => {
    const TopicArn = await topic();
    await client.send(
      new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint: "http://127.0.0.1:9/never" }),
    );
    const [found] = [...snsState(test.world).subscriptions.values()].filter(
      (each) => each.topicArn === TopicArn,
    );
    const confirm = (Token: string, arn = TopicArn) =>
      client.send(new ConfirmSubscriptionCommand({ TopicArn: arn, Token }));

    await expect(confirm("randomtoken")).rejects.toThrow(/^Invalid token$/);
    await expect(confirm("abc123")).rejects.toThrow("Invalid parameter: Token");
    await expect(confirm(found!.token, TopicArn.replace("us-east-1", "eu-west-1"))).rejects.toThrow(
      "Invalid parameter: Topic",
    );
    expect((await confirm(found!.token, `${TopicArn}-other`)).SubscriptionArn).toBe(found!.arn);
  });
});

describe("a filter policy", () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => index);

  it.each([
    ["nested, on attributes", { a: { b: ["c"] } }, undefined, /does not support nested filter policy/],
    ["of 151 combinations", { a: many(151) }, undefined, "Filter policy is too complex"],
    [
      "whose levels multiply",
      { a: { b: { c: many(4) } }, d: { e: many(3) }, f: many(3) },
      "MessageBody",
      "Filter policy is too complex",
    ],
    [
      "whose ways add up",
      { a: many(4), $or: [{ b: many(6) }, { c: many(4), $or: [{ d: many(4) }, { e: many(4) }] }] },
      undefined,
      "Filter policy is too complex",
    ],
    [
      "of six keys",
      Object.fromEntries(many(6).map((key) => [`key${key}`, ["x"]])),
      undefined,
      "Filter policy can not have more than 5 keys",
    ],
  ])("%s is refused", async (_, policy, FilterPolicyScope, words) => {
    const attributes = {
      FilterPolicy: JSON.stringify(policy),
      ...(FilterPolicyScope ? { FilterPolicyScope } : {}),
    };

    await expect(subscribe(await topic(), queue(), attributes)).rejects.toThrow(words);
  });

  it("of exactly 150 combinations is taken, nested on the body whatever the order of the attributes", async () => {
    const policy = {
      a: many(3),
      $or: [{ b: many(6) }, { c: many(4), $or: [{ d: many(4) }, { e: many(7) }] }],
    };
    const nested = { FilterPolicy: '{"a": {"b": ["c"]}}', FilterPolicyScope: "MessageBody" };

    for (const attributes of [{ FilterPolicy: JSON.stringify(policy) }, nested])
      expect((await subscribe(await topic(), queue(), attributes)).SubscriptionArn).toBeDefined();
  });

  it("with a mistake is shown without the spaces it was given with", async () => {
    const call = subscribe(await topic(), queue(), { FilterPolicy: '{"key": [{"suffix": 100}]}' });

    await expect(call).rejects.toThrow(
      'FilterPolicy: suffix match pattern must be a string\n at [Source: (String)"{"key":[{"suffix":100}]}"; line: 1, column: 22]',
    );
  });
});
