import {
  DeregisterTaskDefinitionCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  ListTaskDefinitionsCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { DescribeTargetHealthCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ecr } from "../../../../sandbox/services/ecr/index.ts";
import { ecs } from "../../../../sandbox/services/ecs/index.ts";
import { elasticloadbalancing } from "../../../../sandbox/services/elasticloadbalancing/index.ts";
import { logs } from "../../../../sandbox/services/logs/index.ts";
import type { BusEvent } from "../../../../sandbox/world.ts";
import { until } from "../../../../scenarios/until.ts";
import { openWorld, type TestWorld } from "../../front/harness.ts";
import { EcsBench } from "./bench.ts";

describe("an ECS service behind a load balancer", () => {
  let test: TestWorld;
  let bench: EcsBench;
  let ask: () => Promise<{ status: number; text: string }>;
  let group: string;
  const revisions: Record<string, string> = {};
  const events: BusEvent[] = [];
  const update = (taskDefinition: string) =>
    bench.ecs.send(new UpdateServiceCommand({ cluster: "main", service: "shop", taskDefinition }));
  const rollouts = async () =>
    (await bench.ecs.send(new ListServiceDeploymentsCommand({ cluster: "main", service: "shop" })))
      .serviceDeployments!;
  const names = () => events.map((each) => (each.detail as { eventName: string }).eventName);

  beforeAll(async () => {
    test = await openWorld([logs, ecr, elasticloadbalancing, ecs]);
    test.world.onEvent((event) => event.source === "aws.ecs" && events.push(event));
    bench = new EcsBench(test.world, test.admin);
    await bench.prepare("shop");
    for (const [version, mode] of [
      ["1", "well"],
      ["2", "well"],
      ["3", "crash"],
      ["4", "sick"],
    ] as const)
      revisions[version] = await bench.revision("shop", version, mode);
    group = await bench.targetGroup("shop");
    ({ ask } = await bench.balancer("shop", group));
    expect(await ask()).toMatchObject({ status: 503 }); // a group without targets
    await bench.service("shop", revisions["1"]!, {
      desiredCount: 2,
      loadBalancers: [{ targetGroupArn: group, containerName: "shop", containerPort: 8080 }],
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    });
    await until("the service to be steady", () => bench.steady("shop"));
  });
  afterAll(() => test?.close());

  it("runs as many real processes as it should, healthy, and answers through the balancer", async () => {
    const { TargetHealthDescriptions = [] } = await bench.elb.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: group }),
    );

    expect(TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth?.State)).toEqual([
      "healthy",
      "healthy",
    ]);
    expect(await ask()).toEqual({ status: 200, text: "1" });
    expect(names()).toEqual(["SERVICE_DEPLOYMENT_IN_PROGRESS", "SERVICE_DEPLOYMENT_COMPLETED"]);
  });

  it("rolls another revision out without a failed request, and keeps a record of what ran before", async () => {
    await update(revisions["2"]!);
    const answers: number[] = [];
    await until("the new revision to run alone", async () => {
      answers.push((await ask()).status);
      return bench.steady("shop", revisions["2"]);
    });
    const [last] = await rollouts();
    const { serviceDeployments } = await bench.ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [last!.serviceDeploymentArn!] }),
    );
    const { serviceRevisions } = await bench.ecs.send(
      new DescribeServiceRevisionsCommand({
        serviceRevisionArns: [serviceDeployments![0]!.sourceServiceRevisions![0]!.arn!],
      }),
    );

    expect(new Set(answers)).toEqual(new Set([200]));
    expect(await ask()).toEqual({ status: 200, text: "2" });
    expect(last!.status).toBe("SUCCESSFUL");
    expect(serviceRevisions![0]!.taskDefinition).toBe(revisions["1"]);
  });

  it("goes back by its circuit breaker when the new tasks crash, and says so on the bus", async () => {
    events.length = 0;

    await update(revisions["3"]!);
    await until(
      "the circuit breaker's rollback",
      async () => (await rollouts())[0]!.status === "ROLLBACK_SUCCESSFUL",
    );

    expect(await bench.steady("shop", revisions["2"])).toBe(true);
    expect(await ask()).toEqual({ status: 200, text: "2" });
    expect(names()).toEqual([
      "SERVICE_DEPLOYMENT_IN_PROGRESS",
      "SERVICE_DEPLOYMENT_FAILED",
      "SERVICE_DEPLOYMENT_IN_PROGRESS",
      "SERVICE_DEPLOYMENT_COMPLETED",
    ]);
  });

  it("is stopped in the middle of a rollout by hand, and goes back to what ran before", async () => {
    await update(revisions["4"]!);
    const [open] = await rollouts();
    await bench.ecs.send(
      new StopServiceDeploymentCommand({
        serviceDeploymentArn: open!.serviceDeploymentArn!,
        stopType: "ROLLBACK",
      }),
    );
    await until("the rollback", () => bench.steady("shop", revisions["2"]));

    expect((await rollouts())[0]!.status).toBe("ROLLBACK_SUCCESSFUL");
    await expect(
      bench.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn: open!.serviceDeploymentArn! })),
    ).rejects.toMatchObject({ name: "ConflictException" });
  });

  it("scales without a rollout: to nothing and back", async () => {
    const before = (await rollouts()).length;
    const scale = (desiredCount: number) =>
      bench.ecs.send(new UpdateServiceCommand({ cluster: "main", service: "shop", desiredCount }));

    await scale(0);
    await until("the last task to be gone", async () => (await bench.describe("shop")).runningCount === 0);
    const stopped = await ask();
    await scale(1);
    await until("the service to answer again", async () => (await ask()).status === 200);

    expect(stopped.status).toBe(503);
    expect((await rollouts()).length).toBe(before);
  });

  it("refuses what is not there: a revision, an inactive one, a service", async () => {
    const family = await bench.ecs.send(new ListTaskDefinitionsCommand({ familyPrefix: "shop" }));
    await bench.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: "shop:1" }));

    expect(family.taskDefinitionArns).toHaveLength(4);
    await expect(update("shop:99")).rejects.toMatchObject({ name: "ClientException" });
    await expect(update("shop:1")).rejects.toMatchObject({ message: "TaskDefinition is inactive" });
    await expect(
      bench.ecs.send(new UpdateServiceCommand({ cluster: "main", service: "nowhere", desiredCount: 1 })),
    ).rejects.toMatchObject({ name: "ServiceNotFoundException" });
  });
});
