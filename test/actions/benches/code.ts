import { createServer, type Server } from "node:http";
import {
  ApplicationAutoScalingClient,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { CodeBuildClient, CreateProjectCommand } from "@aws-sdk/client-codebuild";
import { CodePipelineClient, CreatePipelineCommand } from "@aws-sdk/client-codepipeline";
import { UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { CreateRuleCommand, RegisterTargetsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  GetChangeCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Sandbox } from "../../../sandbox/sandbox.ts";
import { makePlan } from "../../../sandbox/services/arc-region-switch/CreatePlan.ts";
import type { RecoveryCluster } from "../../../sandbox/services/route53-recovery-cluster/endpoints.ts";
import {
  makeControlPanel,
  routingControlArn,
  setStates,
} from "../../../sandbox/services/route53-recovery-cluster/state.ts";
import type { Scenario } from "../../../scenarios/scenario.ts";
import { until } from "../../../scenarios/until.ts";
import { EcsBench } from "../../sandbox/services/ecs/bench.ts";

export const SERVICE = "shop";
/** Task definitions `shop:1` to `shop:3`: what ran before, what runs, and one whose container ends at once. */
const IMAGES = [
  ["1", "well"],
  ["2", "well"],
  ["3", "crash"],
] as const;

/** A release as a file: what `helm rollback` leaves behind, counted. */
const HELM_ROLLBACK = `
version: 0.2
phases:
  build: { commands: ['test "$REVISION" != 0', 'echo "$RELEASE is at revision $REVISION"'] }
`;

/** Services of the smallest kind: one task, a rule with two colours, a pipeline, a project, a scalable target. */
export const code: Scenario = {
  name: "code",
  summary: "nothing breaks: the contract suite calls the steps",
  async prepare(sandbox) {
    const bench = new EcsBench(sandbox.world, sandbox.clientConfig());
    const servers = await colours(sandbox, bench);
    await things(sandbox);
    await regions(sandbox);
    cluster = await traffic(sandbox);
    await bench.prepare(SERVICE);
    for (const [version, mode] of IMAGES) await bench.revision(SERVICE, version, mode);
    await bench.service(SERVICE, `${SERVICE}:1`);
    await until("the first version to run", () => bench.steady(SERVICE));
    await bench.ecs.send(
      new UpdateServiceCommand({ cluster: "main", service: SERVICE, taskDefinition: `${SERVICE}:2` }),
    );
    await until("the second version to run", () => bench.steady(SERVICE));
    const nothing = async () => undefined;
    return {
      url: "",
      warmUp: nothing,
      announceVersion: nothing,
      release: async () => [],
      figures: () => ({ errorRate: undefined, requestsPerSecond: 0 }),
      expectations: async () => [],
      stop: async () => {
        for (const server of servers) server.close();
      },
    };
  },
};

/** A rule that forwards to green, where blue is healthy too; the plan beside this file has the ARNs. */
async function colours(sandbox: Sandbox, bench: EcsBench): Promise<Server[]> {
  const groups = [await bench.targetGroup("blue"), await bench.targetGroup("green")] as const;
  const { listener } = await bench.balancer(SERVICE, groups[1]);
  await bench.elb.send(
    new CreateRuleCommand({
      ListenerArn: listener,
      Priority: 10,
      Conditions: [{ Field: "path-pattern", Values: ["/*"] }],
      Actions: [
        {
          Type: "forward",
          ForwardConfig: {
            TargetGroups: groups.map((TargetGroupArn, Weight) => ({ TargetGroupArn, Weight: Weight * 100 })),
          },
        },
      ],
    }),
  );
  const servers: Server[] = [];
  for (const TargetGroupArn of groups) {
    const server = createServer((_, response) => response.end("ok"));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    await bench.elb.send(
      new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: "127.0.0.1", Port: port }] }),
    );
  }
  sandbox.world.onStop(() => {
    for (const server of servers) server.close();
  });
  return servers;
}

async function things(sandbox: Sandbox): Promise<void> {
  const aws = sandbox.clientConfig();
  await new SecretsManagerClient(aws).send(
    new CreateSecretCommand({ Name: "shop/key", SecretString: '{"key":"a-key-that-nobody-needs-here"}' }),
  );
  const stage = (name: string) => ({ name, actions: [] });
  await new CodePipelineClient(aws).send(
    new CreatePipelineCommand({
      pipeline: {
        name: SERVICE,
        roleArn: "arn:aws:iam::123456789012:role/pipeline",
        stages: [stage("Source"), stage("Production")],
      },
    }),
  );
  await new CodeBuildClient(aws).send(
    new CreateProjectCommand({
      name: "helm-rollback",
      source: { type: "NO_SOURCE", buildspec: HELM_ROLLBACK },
      artifacts: { type: "NO_ARTIFACTS" },
      environment: {
        type: "LINUX_CONTAINER",
        image: "aws/codebuild/standard:7.0",
        computeType: "BUILD_GENERAL1_SMALL",
      },
      serviceRole: "arn:aws:iam::123456789012:role/helm",
    }),
  );
  await new ApplicationAutoScalingClient(aws).send(
    new RegisterScalableTargetCommand({
      ServiceNamespace: "ecs",
      ResourceId: `service/main/${SERVICE}`,
      ScalableDimension: "ecs:service:DesiredCount",
      MinCapacity: 1,
      MaxCapacity: 10,
    }),
  );
}

/** Routing controls of east and west that DNS follows; one of them must be on. */
export const TRAFFIC = { panel: "a".repeat(32), east: "b".repeat(16), west: "c".repeat(16) };
let cluster: RecoveryCluster | undefined;
/** The cluster of those routing controls, with its five endpoints. */
export const recoveryCluster = (): RecoveryCluster => cluster!;

/** `www` leads to the east, and to the west when the east's routing control is off and the west's is on. */
async function traffic(sandbox: Sandbox): Promise<RecoveryCluster> {
  const { world } = sandbox;
  const opened = await sandbox.createRecoveryCluster("shop", {
    id: TRAFFIC.panel,
    name: "traffic",
    controls: [
      { id: TRAFFIC.east, name: "east" },
      { id: TRAFFIC.west, name: "west" },
    ],
    leastOn: 1,
  });
  setStates(world, [{ arn: routingControlArn(world, TRAFFIC.panel, TRAFFIC.east), state: "On" }]);
  await sandbox.createHostedZone("shop.example", "Z0SHOP");
  const route53 = new Route53Client(sandbox.clientConfig());
  const Changes = [];
  for (const [side, Failover] of [
    ["east", "PRIMARY"],
    ["west", "SECONDARY"],
  ] as const) {
    const { HealthCheck } = await route53.send(
      new CreateHealthCheckCommand({
        CallerReference: side,
        HealthCheckConfig: {
          Type: "RECOVERY_CONTROL",
          RoutingControlArn: routingControlArn(world, TRAFFIC.panel, TRAFFIC[side]),
        },
      }),
    );
    Changes.push({
      Action: "CREATE" as const,
      ResourceRecordSet: {
        Name: "www.shop.example",
        Type: "CNAME" as const,
        TTL: 10,
        SetIdentifier: side,
        Failover,
        HealthCheckId: HealthCheck!.Id!,
        ResourceRecords: [{ Value: `${side}.shop.example` }],
      },
    });
  }
  const { ChangeInfo } = await route53.send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId: "Z0SHOP", ChangeBatch: { Changes } }),
  );
  await until("the records to be known", async () => {
    const { ChangeInfo: now } = await route53.send(new GetChangeCommand({ Id: ChangeInfo!.Id! }));
    return now?.Status === "INSYNC";
  });
  return opened;
}

/** Ids of the routing controls by which the shop's traffic goes to one Region or the other. */
export const PANEL = "5".repeat(32);
export const CONTROLS = { "us-east-1": "6".repeat(16), "us-west-2": "7".repeat(16) };

/** A Region switch plan with one workflow for each Region, and the routing controls that it sets. */
async function regions(sandbox: Sandbox): Promise<void> {
  const { world } = sandbox;
  makeControlPanel(world, {
    id: PANEL,
    name: "shop",
    controls: Object.entries(CONTROLS).map(([name, id]) => ({ name, id })),
  });
  const role = await new IAMClient(sandbox.clientConfig()).send(
    new CreateRoleCommand({ RoleName: "region-switch", AssumeRolePolicyDocument: "{}" }),
  );
  const executionRole = role.Role!.Arn!;
  await new IAMClient(sandbox.clientConfig()).send(
    new PutRolePolicyCommand({
      RoleName: "region-switch",
      PolicyName: "controls",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: "route53-recovery-cluster:UpdateRoutingControlStates", Resource: "*" },
        ],
      }),
    }),
  );
  const names = Object.keys(CONTROLS);
  makePlan(
    world,
    {
      name: SERVICE,
      executionRole,
      regions: names,
      recoveryApproach: "activePassive",
      workflows: names.map((region) => ({
        workflowTargetAction: "activate",
        workflowTargetRegion: region,
        steps: [
          {
            name: "traffic",
            executionBlockType: "ARCRoutingControl",
            executionBlockConfiguration: {
              arcRoutingControlConfig: {
                regionAndRoutingControls: {
                  [region]: Object.entries(CONTROLS).map(([name, id]) => ({
                    routingControlArn: routingControlArn(world, PANEL, id),
                    state: name === region ? "On" : "Off",
                  })),
                },
              },
            },
          },
        ],
      })),
    },
    "shop01",
  );
}
