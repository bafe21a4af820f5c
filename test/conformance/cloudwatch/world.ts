import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  SetAlarmStateCommand,
  type StateValue,
} from "@aws-sdk/client-cloudwatch";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { operation, type Service } from "../../../sandbox/service.ts";
import { monitoring } from "../../../sandbox/services/monitoring/index.ts";
import { sns } from "../../../sandbox/services/sns/index.ts";
import { sqs } from "../../../sandbox/services/sqs/index.ts";
import { openWorld, type TestWorld } from "../../sandbox/front/harness.ts";

export let test: TestWorld;
export let cloudwatch: CloudWatchClient;
let topics: SNSClient;
let queues: SQSClient;
export const invocations: unknown[] = [];
let names = 0;
export const unique = (prefix: string) => `${prefix}-${++names}`;

/** A function that keeps what it was called with; alarms of the account may call it. */
const lambda: Service = {
  name: "lambda",
  client: () => import("@aws-sdk/client-lambda"),
  operations: {
    Invoke: operation<{ FunctionName: string; Payload: Uint8Array }, object>({
      authorize: ({ FunctionName }) => [{ action: "lambda:InvokeFunction", resources: [FunctionName] }],
      run: ({ Payload }) => {
        invocations.push(JSON.parse(Buffer.from(Payload).toString()));
        return { StatusCode: 202 };
      },
    }),
  },
  resourcePolicy: (world, Resource) => ({
    Statement: {
      Effect: "Allow",
      Principal: { Service: "lambda.alarms.cloudwatch.amazonaws.com" },
      Action: "lambda:InvokeFunction",
      Resource,
      Condition: { StringEquals: { "AWS:SourceAccount": world.account } },
    },
  }),
};

/** A world of its own, in which every replay is made. */
export async function openAlarms(): Promise<TestWorld> {
  test = await openWorld([sqs, sns, lambda, monitoring], { speed: 60 });
  cloudwatch = new CloudWatchClient(test.admin);
  topics = new SNSClient(test.admin);
  queues = new SQSClient(test.admin);
  return test;
}

export async function topicWithQueue(): Promise<{ topic: string; receive: () => Promise<unknown> }> {
  const { TopicArn } = await topics.send(new CreateTopicCommand({ Name: unique("topic") }));
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
  await topics.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: arn }));
  return {
    topic: TopicArn!,
    receive: async () => {
      const found = await queues.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
      const [message] = found.Messages ?? [];
      if (!message) return undefined;
      await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
      return JSON.parse(JSON.parse(message.Body!).Message);
    },
  };
}

export const alarm = (input: Partial<PutMetricAlarmCommandInput>) =>
  cloudwatch.send(
    new PutMetricAlarmCommand({
      EvaluationPeriods: 1,
      ComparisonOperator: "GreaterThanThreshold",
      ...input,
    } as PutMetricAlarmCommandInput),
  );
export const described = (...AlarmNames: string[]) =>
  cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames }));
export const set = (AlarmName: string, StateValue: StateValue | "INVALID", StateReason: string) =>
  cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: StateValue as StateValue, StateReason }));
export const arnOf = (name: string) => test.world.arn("cloudwatch", `alarm:${name}`);
export const tagsOf = (ResourceARN: string) =>
  cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN }));
export const instance = [{ Name: "InstanceId", Value: "abc" }];
