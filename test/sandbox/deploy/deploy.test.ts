import {
  type App,
  CfnOutput,
  Duration,
  aws_dynamodb as dynamodb,
  aws_ec2 as ec2,
  aws_iam as iam,
  aws_lambda as lambda,
  aws_logs as logs,
  RemovalPolicy,
  Stack,
  aws_s3 as s3,
  aws_stepfunctions as sfn,
  aws_sqs as sqs,
  aws_stepfunctions_tasks as tasks,
} from "aws-cdk-lib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DeployWorld, deployWorld } from "./fixture.ts";

let here: DeployWorld;
beforeAll(async () => {
  here = await deployWorld();
});
afterAll(() => here.stop());

/** A stack like the product's: function, version, alias, state machine, table, bucket, queues, roles. */
function stackOf(app: App, source: string, options: { reply: string; memory?: number }): Stack {
  const stack = new Stack(app, "Watchdog");
  const table = new dynamodb.Table(stack, "Runs", {
    partitionKey: { name: "service", type: dynamodb.AttributeType.STRING },
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    timeToLiveAttribute: "expires",
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const bucket = new s3.Bucket(stack, "Reports", {
    versioned: true,
    enforceSSL: true,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    encryption: s3.BucketEncryption.S3_MANAGED,
    lifecycleRules: [{ expiration: Duration.days(30) }],
  });
  const dead = new sqs.Queue(stack, "Dead", { enforceSSL: true, retentionPeriod: Duration.days(14) });
  const worker = new lambda.Function(stack, "Worker", {
    runtime: new lambda.Runtime("nodejs24.x", lambda.RuntimeFamily.NODEJS),
    handler: "index.handler",
    code: lambda.Code.fromAsset(source),
    memorySize: options.memory ?? 256,
    timeout: Duration.seconds(20),
    environment: { TABLE: table.tableName, REPLY: options.reply },
    logGroup: new logs.LogGroup(stack, "WorkerLog", {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    }),
    deadLetterQueue: dead,
    retryAttempts: 1,
  });
  table.grantReadData(worker);
  bucket.grantPut(worker);
  const version = worker.currentVersion;
  const machine = new sfn.StateMachine(stack, "Machine", {
    queryLanguage: sfn.QueryLanguage.JSONATA,
    definitionBody: sfn.DefinitionBody.fromChainable(
      tasks.LambdaInvoke.jsonata(stack, "Work", {
        lambdaFunction: version,
        outputs: "{% $states.result.Payload %}",
      }),
    ),
  });
  new iam.ManagedPolicy(stack, "Guard", {
    roles: [worker.role!],
    statements: [
      new iam.PolicyStatement({
        effect: iam.Effect.DENY,
        actions: ["rds:DeleteDBInstance"],
        resources: ["*"],
      }),
    ],
  });
  new CfnOutput(stack, "MachineArn", { value: machine.stateMachineArn });
  new CfnOutput(stack, "Where", {
    value: stack.formatArn({ service: "dynamodb", resource: "table", resourceName: table.tableName }),
  });
  new CfnOutput(stack, "TableName", { value: table.tableName });
  new CfnOutput(stack, "WorkerVersion", { value: version.functionArn });
  return stack;
}

const SOURCE = `export const handler = async (event) => ({ reply: process.env.REPLY, event, version: process.env.AWS_LAMBDA_FUNCTION_VERSION });`;

describe("deployTemplate", () => {
  it("deploys a synthesized stack that then runs, and updates it in place", async () => {
    const source = here.source(SOURCE);
    const first = await here.deploy("Watchdog", (app) => stackOf(app, source, { reply: "one" }));

    expect(first.outputs["TableName"]).toMatch(/^Watchdog-Runs[0-9A-F]{8}-[A-Z0-9]{12}$/);
    expect(first.outputs["Where"]).toBe(
      `arn:aws:dynamodb:us-east-1:123456789012:table/${first.outputs["TableName"]}`,
    );
    expect(await runMachine(first.outputs["MachineArn"]!)).toEqual({ reply: "one", event: {}, version: "1" });
    const { ContinuousBackupsDescription: backups } = await here.call<{
      ContinuousBackupsDescription: { PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: string } };
    }>("dynamodb", "DescribeContinuousBackups", { TableName: first.outputs["TableName"] });
    expect(backups.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus).toBe("ENABLED");

    await here.call("dynamodb", "PutItem", {
      TableName: first.outputs["TableName"],
      Item: { service: { S: "lab" }, frozen: { BOOL: true } },
    });
    const second = await here.deploy("Watchdog", (app) =>
      stackOf(app, source, { reply: "two", memory: 512 }),
    );

    expect(second.outputs["TableName"]).toBe(first.outputs["TableName"]);
    expect(second.outputs["MachineArn"]).toBe(first.outputs["MachineArn"]);
    expect(second.outputs["WorkerVersion"]).toMatch(/:2$/);
    const { Item } = await here.call<{ Item: Record<string, unknown> }>("dynamodb", "GetItem", {
      TableName: first.outputs["TableName"],
      Key: { service: { S: "lab" } },
    });
    expect(Item["frozen"]).toEqual({ BOOL: true });
    expect(await runMachine(second.outputs["MachineArn"]!)).toEqual({
      reply: "two",
      event: {},
      version: "2",
    });
  });

  it("refuses unknown types and properties, all at once and before anything is made", async () => {
    const before = await here.call<{ QueueUrls?: string[] }>("sqs", "ListQueues", {});

    const refused = here.deployRaw("Odd", {
      Resources: {
        Queue: { Type: "AWS::SQS::Queue", Properties: {} },
        Cluster: { Type: "AWS::ECS::Cluster" },
        Bucket: { Type: "AWS::S3::Bucket", Properties: { ReplicationConfiguration: {} } },
      },
    });

    await expect(refused).rejects.toMatchObject({
      name: "TemplateRefused",
      problems: [
        "Cluster: the type AWS::ECS::Cluster is not implemented by the sandbox",
        "Bucket (AWS::S3::Bucket): the property ReplicationConfiguration is not implemented by the sandbox",
      ],
    });
    expect(await here.call("sqs", "ListQueues", {})).toEqual(before);
  });

  it("names the resource, its type and the property when a service refuses it", async () => {
    const failed = here.deployRaw("Bad", {
      Resources: {
        Worker: {
          Type: "AWS::Lambda::Function",
          Properties: {
            Runtime: "nodejs24.x",
            Handler: "index.handler",
            Role: "arn:aws:iam::123456789012:role/nobody",
            Code: { ZipFile: "" },
          },
        },
      },
    });

    await expect(failed).rejects.toMatchObject({
      name: "ResourceFailed",
      logicalId: "Worker",
      resourceType: "AWS::Lambda::Function",
    });
    await expect(failed).rejects.toThrow(/Property Role: "arn:aws:iam::123456789012:role\/nobody"/);
  });

  it("refuses a circle of dependencies", async () => {
    await expect(
      here.deployRaw("Circle", {
        Resources: {
          A: { Type: "AWS::SQS::Queue", Properties: { QueueName: { Ref: "B" } } },
          B: { Type: "AWS::SQS::Queue", DependsOn: "A" },
        },
      }),
    ).rejects.toThrow(/Circular dependency between resources: A → B → A/);
  });

  it("resolves conditions, mappings, substitutions and imports", async () => {
    await here.deployRaw("Exporter", {
      Resources: { Queue: { Type: "AWS::SQS::Queue", Properties: { QueueName: "shared" } } },
      Outputs: { Arn: { Value: { "Fn::GetAtt": ["Queue", "Arn"] }, Export: { Name: "SharedArn" } } },
    });

    const { outputs, resources } = await here.deployRaw("Intrinsics", {
      Parameters: {
        Stage: { Type: "String", Default: "prod" },
        BootstrapVersion: {
          Type: "AWS::SSM::Parameter::Value<String>",
          Default: "/cdk-bootstrap/hnb659fds/version",
        },
      },
      Mappings: { Sizes: { prod: { delay: "7" } } },
      Conditions: {
        IsProd: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] },
        Never: { "Fn::And": [{ Condition: "IsProd" }, { "Fn::Not": [{ Condition: "IsProd" }] }] },
      },
      Resources: {
        Queue: {
          Type: "AWS::SQS::Queue",
          Properties: {
            DelaySeconds: { "Fn::FindInMap": ["Sizes", { Ref: "Stage" }, "delay"] },
            VisibilityTimeout: { "Fn::If": ["Never", 1, { Ref: "AWS::NoValue" }] },
            RedrivePolicy: {
              "Fn::If": [
                "IsProd",
                { deadLetterTargetArn: { "Fn::ImportValue": "SharedArn" }, maxReceiveCount: 3 },
                { Ref: "AWS::NoValue" },
              ],
            },
          },
        },
        Absent: { Type: "AWS::SQS::Queue", Condition: "Never" },
      },
      Outputs: {
        Sub: {
          Value: {
            "Fn::Sub": [
              "${AWS::Region}-${Queue.QueueName}-${x}-${!literal}",
              { x: { "Fn::Select": [1, { "Fn::Split": [",", "a,b,c"] }] } },
            ],
          },
        },
        Zones: { Value: { "Fn::Join": [" ", { "Fn::GetAZs": "" }] } },
        Coded: { Value: { "Fn::Base64": "hi" } },
        Absent: { Condition: "Never", Value: "x" },
      },
    });

    const name = resources["Queue"]!.attributes["QueueName"];
    expect(outputs).toEqual({
      Sub: `us-east-1-${name}-b-\${literal}`,
      Zones: "us-east-1a us-east-1b us-east-1c",
      Coded: "aGk=",
    });
    expect(Object.keys(resources)).toEqual(["Queue"]);
    const { Attributes } = await here.call<{ Attributes: Record<string, string> }>(
      "sqs",
      "GetQueueAttributes",
      { QueueUrl: resources["Queue"]!.physicalId, AttributeNames: ["All"] },
    );
    expect(Attributes).toMatchObject({
      DelaySeconds: "7",
      VisibilityTimeout: "30",
      RedrivePolicy: expect.stringContaining(":shared"),
    });
  });

  it("removes what left the template, and keeps what it says to retain", async () => {
    const queue = (name: string, policy: string) => ({
      Type: "AWS::SQS::Queue",
      DeletionPolicy: policy,
      Properties: { QueueName: name },
    });
    await here.deployRaw("Shrinking", {
      Resources: {
        Gone: queue("gone", "Delete"),
        Kept: queue("kept", "Retain"),
        Stays: queue("stays", "Delete"),
      },
    });

    await here.deployRaw("Shrinking", { Resources: { Stays: queue("stays", "Delete") } });

    const { QueueUrls = [] } = await here.call<{ QueueUrls?: string[] }>("sqs", "ListQueues", {});
    const names = QueueUrls.map((url) => url.split("/").at(-1));
    expect(names).toContain("kept");
    expect(names).toContain("stays");
    expect(names).not.toContain("gone");
  });

  it("makes the table of a TableV2", async () => {
    const { resources } = await here.deploy("V2", (app) => {
      const stack = new Stack(app, "V2");
      new dynamodb.TableV2(stack, "Runs", {
        partitionKey: { name: "service", type: dynamodb.AttributeType.STRING },
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
        encryption: dynamodb.TableEncryptionV2.awsManagedKey(),
        deletionProtection: true,
      });
      return stack;
    });

    const [table] = Object.values(resources).filter(({ type }) => type === "AWS::DynamoDB::GlobalTable");
    const { Table } = await here.call<{ Table: Record<string, unknown> }>("dynamodb", "DescribeTable", {
      TableName: table!.physicalId,
    });
    expect(Table).toMatchObject({ DeletionProtectionEnabled: true, TableArn: table!.attributes["Arn"] });
  });

  it("makes security groups with a template's own rules", async () => {
    const { VpcId } = (await here.call<{ Vpcs: { VpcId: string }[] }>("ec2", "DescribeVpcs", {})).Vpcs[0]!;
    const { resources } = await here.deploy("Net", (app) => {
      const stack = new Stack(app, "Net");
      const vpc = ec2.Vpc.fromVpcAttributes(stack, "Vpc", {
        vpcId: VpcId,
        availabilityZones: ["us-east-1a"],
      });
      const group = new ec2.SecurityGroup(stack, "Group", {
        vpc,
        allowAllOutbound: false,
        description: "checks",
      });
      group.addEgressRule(ec2.Peer.ipv4("10.0.0.0/8"), ec2.Port.tcp(5432), "database");
      return stack;
    });

    const id = Object.values(resources).find(({ type }) => type === "AWS::EC2::SecurityGroup")!.physicalId;
    const { SecurityGroups } = await here.call<{ SecurityGroups: { IpPermissionsEgress: object[] }[] }>(
      "ec2",
      "DescribeSecurityGroups",
      { GroupIds: [id] },
    );
    expect(SecurityGroups[0]!.IpPermissionsEgress).toMatchObject([
      { IpProtocol: "tcp", FromPort: 5432, IpRanges: [{ CidrIp: "10.0.0.0/8" }] },
    ]);
  });
});

async function runMachine(stateMachineArn: string): Promise<unknown> {
  const { executionArn } = await here.call<{ executionArn: string }>("states", "StartExecution", {
    stateMachineArn,
    input: "{}",
  });
  for (;;) {
    const { status, output, cause } = await here.call<{ status: string; output?: string; cause?: string }>(
      "states",
      "DescribeExecution",
      { executionArn },
    );
    if (status === "SUCCEEDED") return JSON.parse(output!);
    if (status !== "RUNNING") throw new Error(`${status}: ${cause}`);
    await here.world.clock.sleep(500);
  }
}
