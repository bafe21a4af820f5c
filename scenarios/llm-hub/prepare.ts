import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import {
  AppConfigClient,
  CreateHostedConfigurationVersionCommand,
  StartDeploymentCommand,
} from "@aws-sdk/client-appconfig";
import {
  ApplicationAutoScalingClient,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CodePipelineClient, CreatePipelineCommand } from "@aws-sdk/client-codepipeline";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  UploadServerCertificateCommand,
} from "@aws-sdk/client-iam";
import { CreateDBInstanceCommand, DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import { ChangeResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import pg from "pg";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { until } from "../until.ts";
import { FLAGS, flags, SEED } from "./data.ts";
import { LOG_GROUP, NAME, Pipeline, TASKS } from "./images.ts";

const DATABASE = "unicorn-db";
const ADMIN = "unicorn";
const ZONE = { id: "Z0LLMHUB", name: "llm-hub.internal" };
const HOUR = 3_600_000;
/** Milliseconds between two points of yesterday's metric. */
const POINT = 1_800_000;
export const HOST = `ops.${ZONE.name}`;

/** Makes Ops Center's world: database, flag, balancer, cluster with version 1.0.0, pipeline, names and secrets. */
export async function prepareWorld(sandbox: Sandbox, say: (line: string) => void) {
  const aws = sandbox.clientConfig();
  const password = randomBytes(18).toString("base64url");
  const endpoint = await createDatabase(new RDSClient(aws), password);
  const withDatabase = async <Result>(use: (client: pg.Client) => Promise<Result>): Promise<Result> => {
    const { host, port, caFile } = sandbox.databaseConnection(DATABASE);
    const ssl = { ca: await readFile(caFile, "utf8"), checkServerIdentity: () => undefined };
    const client = new pg.Client({ host, port, user: ADMIN, password, database: "unicorn_db", ssl });
    await client.connect();
    try {
      return await use(client);
    } finally {
      await client.end();
    }
  };
  await withDatabase(async (client) => {
    for (const statement of SEED) await client.query(statement);
  });
  say(`${DATABASE} is available at ${endpoint}`);

  await new SecretsManagerClient(aws).send(
    new CreateSecretCommand({
      Name: "llm-hub/database",
      SecretString: JSON.stringify({ username: ADMIN, password }),
    }),
  );
  await new S3Client({ ...aws, forcePathStyle: true }).send(
    new CreateBucketCommand({ Bucket: "llm-hub-backups" }),
  );
  await new CloudWatchLogsClient(aws).send(new CreateLogGroupCommand({ logGroupName: LOG_GROUP }));
  sandbox.createAppConfigApplication(FLAGS);
  await deployFlag(sandbox, false);

  const { certPem, keyPem, caPem } = await sandbox.certificate([HOST]);
  const balancer = await createBalancer(sandbox, certPem, keyPem);
  const { address } = await sandbox.allocateHost(balancer.dnsName, [443]);
  await sandbox.createHostedZone(ZONE.name, ZONE.id);
  await new Route53Client(aws).send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: ZONE.id,
      ChangeBatch: {
        Changes: [
          {
            Action: "CREATE",
            ResourceRecordSet: {
              Name: HOST,
              Type: "CNAME",
              TTL: 60,
              ResourceRecords: [{ Value: balancer.dnsName }],
            },
          },
        ],
      },
    }),
  );

  const pipeline = new Pipeline(sandbox, { taskRoleArn: await createTaskRole(sandbox), database: endpoint });
  await pipeline.create("0.9.4", balancer.targetGroup);
  const deployedAt = sandbox.world.clock.now();
  await pipeline.deploy("1.0.0");
  await yesterday(sandbox);
  await createPipeline(sandbox);
  say(`${NAME} runs version 1.0.0 with ${TASKS} tasks behind ${balancer.dnsName}`);
  return {
    withDatabase,
    pipeline,
    deployedAt,
    target: { address, port: 443 + sandbox.portOffset, host: HOST, caPem },
  };
}

/** Gives everybody a new version of the flag at once. */
export async function deployFlag(sandbox: Sandbox, enabled: boolean): Promise<void> {
  const client = new AppConfigClient(sandbox.clientConfig());
  const profile = {
    ApplicationId: FLAGS.application.id,
    ConfigurationProfileId: FLAGS.profiles[0]!.id,
  };
  const { VersionNumber } = await client.send(
    new CreateHostedConfigurationVersionCommand({
      ...profile,
      Content: Buffer.from(JSON.stringify(flags(enabled))),
      ContentType: "application/json",
    }),
  );
  await client.send(
    new StartDeploymentCommand({
      ...profile,
      EnvironmentId: FLAGS.environments[0]!.id,
      ConfigurationVersion: String(VersionNumber),
      DeploymentStrategyId: FLAGS.strategies[0]!.id,
    }),
  );
}

/** Resolves to its endpoint's name. */
async function createDatabase(rds: RDSClient, MasterUserPassword: string): Promise<string> {
  await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: DATABASE,
      DBInstanceClass: "db.t4g.medium",
      Engine: "postgres",
      DBName: "unicorn_db",
      MasterUsername: ADMIN,
      MasterUserPassword,
      AllocatedStorage: 20,
      BackupRetentionPeriod: 7,
      DeletionProtection: true,
    }),
  );
  let address = "";
  await until(`${DATABASE} to become available`, async () => {
    const { DBInstances } = await rds.send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: DATABASE }),
    );
    address = DBInstances?.[0]?.Endpoint?.Address ?? "";
    return DBInstances?.[0]?.DBInstanceStatus === "available" && address !== "";
  });
  return address;
}

async function createBalancer(sandbox: Sandbox, CertificateBody: string, PrivateKey: string) {
  const aws = sandbox.clientConfig();
  const elb = new ElasticLoadBalancingV2Client(aws);
  const { ServerCertificateMetadata } = await new IAMClient(aws).send(
    new UploadServerCertificateCommand({ ServerCertificateName: HOST, CertificateBody, PrivateKey }),
  );
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name: NAME,
      Protocol: "HTTP",
      Port: 8080,
      TargetType: "ip",
      HealthCheckPath: "/health",
      HealthCheckIntervalSeconds: 10,
      HealthyThresholdCount: 2,
    }),
  );
  const targetGroup = TargetGroups![0]!.TargetGroupArn!;
  const { LoadBalancers } = await elb.send(new CreateLoadBalancerCommand({ Name: NAME, Scheme: "internal" }));
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: LoadBalancers![0]!.LoadBalancerArn!,
      Port: 443,
      Protocol: "HTTPS",
      Certificates: [{ CertificateArn: ServerCertificateMetadata!.Arn! }],
      DefaultActions: [{ Type: "forward", TargetGroupArn: targetGroup }],
    }),
  );
  return { targetGroup, dnsName: LoadBalancers![0]!.DNSName! };
}

/** What Ops Center's own containers may do. */
async function createTaskRole(sandbox: Sandbox): Promise<string> {
  const iam = new IAMClient(sandbox.clientConfig());
  const trust = {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" },
    ],
  };
  const policy = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: [
          "appconfig:GetLatestConfiguration",
          "appconfig:StartConfigurationSession",
          "cloudwatch:PutMetricData",
          "secretsmanager:GetSecretValue",
        ],
        Resource: "*",
      },
    ],
  };
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: `${NAME}-task`, AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: `${NAME}-task`,
      PolicyName: "task",
      PolicyDocument: JSON.stringify(policy),
    }),
  );
  return Role!.Arn!;
}

/** The pipeline that would deploy again, and the scaling that would start what the run stops. */
async function createPipeline(sandbox: Sandbox): Promise<void> {
  const aws = sandbox.clientConfig();
  const stage = (name: string) => ({ name, actions: [] });
  await new CodePipelineClient(aws).send(
    new CreatePipelineCommand({
      pipeline: {
        name: NAME,
        roleArn: `arn:aws:iam::${sandbox.account}:role/pipeline`,
        stages: [stage("Source"), stage("Build"), stage("Production")],
      },
    }),
  );
  await new ApplicationAutoScalingClient(aws).send(
    new RegisterScalableTargetCommand({
      ServiceNamespace: "ecs",
      ResourceId: `service/${NAME}/${NAME}`,
      ScalableDimension: "ecs:service:DesiredCount",
      MinCapacity: TASKS,
      MaxCapacity: 6,
    }),
  );
}

/** What users saw of the pages yesterday: without it nobody could say what "50 % slower" is. */
async function yesterday(sandbox: Sandbox): Promise<void> {
  const cloudwatch = new CloudWatchClient(sandbox.clientConfig());
  const now = sandbox.world.clock.now();
  const points = Array.from({ length: (24 * HOUR) / POINT }, (_, index) => ({
    MetricName: "Latency",
    Unit: "Milliseconds" as const,
    Values: [380, 400, 420],
    Timestamp: new Date(now - HOUR - index * POINT),
  }));
  await cloudwatch.send(new PutMetricDataCommand({ Namespace: "OpsCenter", MetricData: points }));
}
