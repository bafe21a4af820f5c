import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { afterAll, beforeAll, expect, it } from "vitest";
import { verbs } from "../../../../lambdas/actions/autoscaling-suspend/handler.ts";
import { autoscalingSuspend } from "../../../../lambdas/actions/autoscaling-suspend/spec.ts";
import { applicationAutoscaling } from "../../../../sandbox/services/application-autoscaling/index.ts";
import { type PermittedWorld, permittedWorld } from "../permitted.ts";

const TARGET = {
  ServiceNamespace: "ecs",
  ScalableDimension: "ecs:service:DesiredCount",
} as const;
const resource = "service/main/shop";
let world: PermittedWorld;
let scaling: ApplicationAutoScalingClient;

beforeAll(async () => {
  world = await permittedWorld([applicationAutoscaling]);
  scaling = new ApplicationAutoScalingClient(world.test.admin);
  await scaling.send(
    new RegisterScalableTargetCommand({ ...TARGET, ResourceId: resource, MinCapacity: 1, MaxCapacity: 4 }),
  );
});
afterAll(() => world?.test.close());

it("a step may do what Application Auto Scaling tries in its name, on the one service that it names", async () => {
  await world.step("autoscaling-suspend", verbs, { resource, suspend: true }).apply();

  const { ScalableTargets } = await scaling.send(
    new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs", ResourceIds: [resource] }),
  );
  expect(Object.values(ScalableTargets![0]!.SuspendedState!)).toEqual([true, true, true]);
});

it("Aurora's replicas are no namespace: AWS would ask whether the step may delete an instance", () => {
  const given = { namespace: "rds", resource: "cluster:shop", suspend: true };

  expect(autoscalingSuspend.input.safeParse(given).error?.issues).toEqual([
    expect.objectContaining({ path: ["namespace"] }),
  ]);
});
