import { fileURLToPath } from "node:url";
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type Service,
} from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { hostOf, openedPort } from "../../../../sandbox/engines/hosts.ts";
import { imageManifest } from "../../../../sandbox/sandbox.ts";
import type { World } from "../../../../sandbox/world.ts";

const PROGRAM = fileURLToPath(new URL("./container.ts", import.meta.url));
export const REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com";

type Config = ConstructorParameters<typeof ECSClient>[0];

/** Images, task definitions, a balancer and services of the smallest kind, for tests of ECS and of what stands on it. */
export class EcsBench {
  readonly ecs: ECSClient;
  readonly ecr: ECRClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly #world: World;

  constructor(world: World, config: Config) {
    this.#world = world;
    this.ecs = new ECSClient(config!);
    this.ecr = new ECRClient(config!);
    this.elb = new ElasticLoadBalancingV2Client(config!);
  }

  /** A cluster, and a repository. */
  async prepare(repositoryName: string): Promise<void> {
    await this.ecs.send(new CreateClusterCommand({ clusterName: "main" }));
    await this.ecr.send(new CreateRepositoryCommand({ repositoryName }));
  }

  /** Pushes an image and registers the task definition that runs it; gives its ARN. */
  async revision(family: string, version: string, mode = "well"): Promise<string> {
    await this.ecr.send(
      new PutImageCommand({
        repositoryName: family,
        imageTag: version,
        imageManifest: imageManifest({ program: PROGRAM, environment: { VERSION: version, MODE: mode } }),
      }),
    );
    const { taskDefinition } = await this.ecs.send(
      new RegisterTaskDefinitionCommand({
        family,
        containerDefinitions: [
          {
            name: family,
            image: `${REGISTRY}/${family}:${version}`,
            portMappings: [{ containerPort: 8080 }],
          },
        ],
      }),
    );
    return taskDefinition!.taskDefinitionArn!;
  }

  targetGroup = async (Name: string) =>
    (
      await this.elb.send(
        new CreateTargetGroupCommand({
          Name,
          Protocol: "HTTP",
          Port: 8080,
          TargetType: "ip",
          HealthCheckIntervalSeconds: 5,
          HealthyThresholdCount: 2,
        }),
      )
    ).TargetGroups![0]!.TargetGroupArn!;

  /** A balancer on port 80 that forwards to a group; gives its listener and a way to ask it. */
  async balancer(Name: string, TargetGroupArn: string) {
    const { LoadBalancers } = await this.elb.send(new CreateLoadBalancerCommand({ Name }));
    const { LoadBalancerArn, DNSName } = LoadBalancers![0]!;
    const { Listeners } = await this.elb.send(
      new CreateListenerCommand({
        LoadBalancerArn,
        Port: 80,
        Protocol: "HTTP",
        DefaultActions: [{ Type: "forward", TargetGroupArn }],
      }),
    );
    const url = `http://${hostOf(this.#world, DNSName!)!.address}:${openedPort(80)}`;
    const ask = async (path = "/") => {
      const answer = await fetch(url + path);
      return { status: answer.status, text: await answer.text() };
    };
    return { listener: Listeners![0]!.ListenerArn!, ask };
  }

  service = (
    serviceName: string,
    taskDefinition: string,
    more: Partial<ConstructorParameters<typeof CreateServiceCommand>[0]> = {},
  ) =>
    this.ecs.send(
      new CreateServiceCommand({ cluster: "main", serviceName, taskDefinition, desiredCount: 1, ...more }),
    );

  describe = async (service: string): Promise<Service> =>
    (await this.ecs.send(new DescribeServicesCommand({ cluster: "main", services: [service] })))
      .services![0]!;

  /** Whether a service has all its tasks, of one deployment, and its rollout is over. */
  async steady(service: string, taskDefinition?: string): Promise<boolean> {
    const { deployments = [], runningCount, desiredCount } = await this.describe(service);
    return (
      deployments.length === 1 &&
      deployments[0]!.rolloutState === "COMPLETED" &&
      runningCount === desiredCount &&
      (taskDefinition === undefined || deployments[0]!.taskDefinition === taskDefinition)
    );
  }
}
