import { fileURLToPath } from "node:url";
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { imageManifest, type Sandbox } from "../../sandbox/sandbox.ts";
import { until } from "../until.ts";

export const NAME = "ops-center";
export const TASKS = 2;
export const LOG_GROUP = "/ecs/ops-center";

/** Pushes the image of a version and registers the task definition that runs it. */
async function register(
  sandbox: Sandbox,
  version: string,
  taskRoleArn: string,
  database: string,
): Promise<void> {
  const aws = sandbox.clientConfig();
  await new ECRClient(aws).send(
    new PutImageCommand({
      repositoryName: NAME,
      imageTag: version,
      imageManifest: imageManifest({
        program: fileURLToPath(new URL("./app.ts", import.meta.url)),
        environment: { VERSION: version },
      }),
    }),
  );
  await new ECSClient(aws).send(
    new RegisterTaskDefinitionCommand({
      family: NAME,
      taskRoleArn,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "512",
      memory: "1024",
      containerDefinitions: [
        {
          name: NAME,
          image: `${sandbox.account}.dkr.ecr.${sandbox.region}.amazonaws.com/${NAME}:${version}`,
          portMappings: [{ containerPort: 8080 }],
          environment: [{ name: "DATABASE", value: database }],
          logConfiguration: {
            logDriver: "awslogs",
            options: { "awslogs-group": LOG_GROUP, "awslogs-stream-prefix": "ecs" },
          },
        },
      ],
    }),
  );
}

/** What the pipeline does with a version: image, task definition, and the service that runs it. */
export class Pipeline {
  readonly #sandbox: Sandbox;
  readonly #ecs: ECSClient;
  readonly #taskRoleArn: string;
  readonly #database: string;

  constructor(sandbox: Sandbox, given: { taskRoleArn: string; database: string }) {
    this.#sandbox = sandbox;
    this.#ecs = new ECSClient(sandbox.clientConfig());
    this.#taskRoleArn = given.taskRoleArn;
    this.#database = given.database;
  }

  /** Cluster, repository and the service's first version; what runs now comes after it. */
  async create(version: string, targetGroupArn: string): Promise<void> {
    await this.#ecs.send(new CreateClusterCommand({ clusterName: NAME }));
    await new ECRClient(this.#sandbox.clientConfig()).send(
      new CreateRepositoryCommand({ repositoryName: NAME, imageTagMutability: "IMMUTABLE" }),
    );
    await register(this.#sandbox, version, this.#taskRoleArn, this.#database);
    await this.#ecs.send(
      new CreateServiceCommand({
        cluster: NAME,
        serviceName: NAME,
        taskDefinition: NAME,
        desiredCount: TASKS,
        loadBalancers: [{ targetGroupArn, containerName: NAME, containerPort: 8080 }],
        deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
        healthCheckGracePeriodSeconds: 60,
      }),
    );
    await this.steady();
  }

  /** Rolls a version out, and waits until it alone runs. */
  async deploy(version: string): Promise<void> {
    await register(this.#sandbox, version, this.#taskRoleArn, this.#database);
    await this.#ecs.send(new UpdateServiceCommand({ cluster: NAME, service: NAME, taskDefinition: NAME }));
    await this.steady();
  }

  /** What the service runs, and with how many tasks. */
  async running(): Promise<{ taskDefinition: string; tasks: number; steady: boolean }> {
    const { services } = await this.#ecs.send(
      new DescribeServicesCommand({ cluster: NAME, services: [NAME] }),
    );
    const { taskDefinition = "", runningCount = 0, desiredCount, deployments = [] } = services![0]!;
    return {
      taskDefinition: taskDefinition.split("/").at(-1)!,
      tasks: runningCount,
      steady:
        deployments.length === 1 &&
        deployments[0]!.rolloutState === "COMPLETED" &&
        runningCount === desiredCount,
    };
  }

  async steady(): Promise<void> {
    await until(`${NAME} to be steady`, async () => (await this.running()).steady);
  }
}
