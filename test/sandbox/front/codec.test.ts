import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as ec2 from "@aws-sdk/client-ec2";
import * as iam from "@aws-sdk/client-iam";
import * as lambda from "@aws-sdk/client-lambda";
import * as rds from "@aws-sdk/client-rds";
import * as route53 from "@aws-sdk/client-route-53";
import * as s3 from "@aws-sdk/client-s3";
import * as secretsmanager from "@aws-sdk/client-secrets-manager";
import * as sns from "@aws-sdk/client-sns";
import * as sqs from "@aws-sdk/client-sqs";
import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from "@aws-sdk/core/protocols";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { modelOf, type OperationModel } from "../../../sandbox/front/codec/model.ts";
import { type Service, ServiceException } from "../../../sandbox/service.ts";
import { arbitraryOf, plain } from "./arbitrary-shape.ts";
import { type ClientConfig, openWorld, type TestWorld } from "./harness.ts";

const RUNS = 40;

/** A service whose operations say what they were given and answer what the test put there. */
interface Echo {
  service: Service;
  given: unknown;
  answer: unknown;
}

function echo(name: string, client: object, operations: string[]): Echo {
  const made: Echo = {
    service: { name, client: async () => client, operations: {} },
    given: undefined,
    answer: {},
  };
  const run = (input: unknown) => {
    made.given = input;
    if (made.answer instanceof Error) throw made.answer;
    return made.answer;
  };
  for (const operation of operations) made.service.operations[operation] = { authorize: () => [], run };
  return made;
}

interface Case {
  scope: string;
  client: object;
  className: string;
  operations: string[];
  /** Other protocols that clients of this service speak. */
  options?: object;
  label?: string;
}

const CASES: Case[] = [
  {
    scope: "rds",
    client: rds,
    className: "RDSClient",
    operations: [
      "DescribeDBInstances",
      "RestoreDBInstanceToPointInTime",
      "DescribeDBSnapshots",
      "AddTagsToResource",
    ],
  },
  {
    scope: "sns",
    client: sns,
    className: "SNSClient",
    operations: ["Publish", "PublishBatch", "GetTopicAttributes"],
  },
  {
    scope: "iam",
    client: iam,
    className: "IAMClient",
    operations: ["SimulatePrincipalPolicy", "CreateRole", "ListRoles"],
  },
  {
    scope: "ec2",
    client: ec2,
    className: "EC2Client",
    operations: ["AuthorizeSecurityGroupIngress", "DescribeSecurityGroups", "DescribeSubnets", "CreateVpc"],
  },
  {
    scope: "route53",
    client: route53,
    className: "Route53Client",
    operations: [
      "ChangeResourceRecordSets",
      "ListResourceRecordSets",
      "CreateHealthCheck",
      "GetHostedZone",
      "ChangeTagsForResource",
    ],
  },
  {
    scope: "s3",
    client: s3,
    className: "S3Client",
    operations: [
      "PutBucketLifecycleConfiguration",
      "GetBucketLifecycleConfiguration",
      "ListObjectVersions",
      "CopyObject",
      "GetBucketTagging",
    ],
  },
  {
    scope: "secretsmanager",
    client: secretsmanager,
    className: "SecretsManagerClient",
    operations: ["DescribeSecret", "PutSecretValue", "GetSecretValue", "UpdateSecretVersionStage"],
  },
  {
    scope: "dynamodb",
    client: dynamodb,
    className: "DynamoDBClient",
    operations: ["PutItem", "Query", "DescribeTable"],
  },
  {
    scope: "lambda",
    client: lambda,
    className: "LambdaClient",
    operations: [
      "CreateFunction",
      "UpdateFunctionConfiguration",
      "ListFunctions",
      "Invoke",
      "AddPermission",
      "ListTags",
    ],
  },
  ...(["default", "cbor", "query"] as const).map((protocol) => ({
    scope: "monitoring",
    client: cloudwatch,
    className: "CloudWatchClient",
    operations: ["PutMetricAlarm", "DescribeAlarms", "PutMetricData", "GetMetricData"],
    options: {
      default: {},
      cbor: { protocol: AwsSmithyRpcV2CborProtocol },
      query: { protocol: AwsQueryProtocol },
    }[protocol],
    label: `monitoring (${protocol})`,
  })),
  ...(["default", "query"] as const).map((protocol) => ({
    scope: "sqs",
    client: sqs,
    className: "SQSClient",
    operations: ["SendMessageBatch", "ReceiveMessage", "GetQueueAttributes", "SetQueueAttributes"],
    // The MD5 of a random message is not what a random answer says.
    options: { md5: false, ...(protocol === "query" ? { protocol: AwsQueryProtocol } : {}) },
    label: `sqs (${protocol})`,
  })),
];

describe.each(CASES)(
  "the codec against the SDK's own client: $scope $label",
  ({ scope, client, className, operations, options }) => {
    let test: TestWorld;
    let service: Echo;
    let sdk: { send(command: unknown): Promise<Record<string, unknown>> };

    beforeAll(async () => {
      service = echo(scope, client, operations);
      test = await openWorld([service.service]);
      const Client = (client as Record<string, new (config: ClientConfig & object) => typeof sdk>)[
        className
      ]!;
      sdk = new Client({ ...test.admin, ...options });
    });
    afterAll(() => test.close());

    const send = async (operation: string, input: unknown) => {
      const Command = (client as Record<string, new (input: unknown) => unknown>)[`${operation}Command`]!;
      const { $metadata, ...output } = await sdk.send(new Command(input));
      return output;
    };
    const operationModel = async (name: string): Promise<OperationModel> =>
      (await modelOf(service.service)).operations.get(name)!;

    it.each(operations)("%s: the server reads what the client sent", async (name) => {
      const model = await operationModel(name);
      const inputs = arbitraryOf(model.input) ?? fc.constant({});
      // S3 takes an empty answer for an aborted request.
      service.answer = fc.sample(arbitraryOf(model.output) ?? fc.constant({}), { numRuns: 1, seed: 3 })[0];

      await fc.assert(
        fc.asyncProperty(inputs, async (input) => {
          await send(name, structuredClone(input));

          expect(plain(service.given)).toEqual(plain(input));
        }),
        { numRuns: RUNS },
      );
    });

    it.each(operations)("%s: the client reads what the server answered", async (name) => {
      const model = await operationModel(name);
      const outputs = arbitraryOf(model.output) ?? fc.constant({});
      const smallest = fc.sample(arbitraryOf(model.input) ?? fc.constant({}), { numRuns: 1, seed: 1 })[0];

      await fc.assert(
        fc.asyncProperty(outputs, async (output) => {
          service.answer = output;

          expect(plain(await send(name, smallest))).toEqual(plain(output));
        }),
        { numRuns: RUNS },
      );
    });

    it("an error without a shape keeps its code and its text", async () => {
      const model = await operationModel(operations[0]!);
      const input = fc.sample(arbitraryOf(model.input) ?? fc.constant({}), { numRuns: 1, seed: 2 })[0];
      service.answer = new ServiceException("NotImplementedBySandbox", `<"not"> & done`, { status: 501 });

      const failure = send(operations[0]!, input);

      await expect(failure).rejects.toMatchObject({
        name: "NotImplementedBySandbox",
        message: `<"not"> & done`,
        $metadata: { httpStatusCode: 501 },
      });
    });
  },
);
