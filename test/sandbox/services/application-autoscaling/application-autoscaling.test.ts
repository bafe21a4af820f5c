import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { expect, it } from "vitest";
import { applicationAutoscaling } from "../../../../sandbox/services/application-autoscaling/index.ts";
import { openWorld } from "../../front/harness.ts";

it("a scalable target keeps what a later registration does not name", async () => {
  const test = await openWorld([applicationAutoscaling]);
  const client = new ApplicationAutoScalingClient(test.admin);
  const target = {
    ServiceNamespace: "ecs",
    ResourceId: "service/main/hub",
    ScalableDimension: "ecs:service:DesiredCount",
  } as const;
  const register = (more: object) => client.send(new RegisterScalableTargetCommand({ ...target, ...more }));

  await expect(register({ MinCapacity: 3 })).rejects.toMatchObject({ name: "ValidationException" });
  await register({ MinCapacity: 3, MaxCapacity: 10 });
  await register({ SuspendedState: { DynamicScalingInSuspended: true } });
  const { ScalableTargets } = await client.send(
    new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs", ResourceIds: [target.ResourceId] }),
  );

  expect(ScalableTargets).toMatchObject([
    {
      MinCapacity: 3,
      MaxCapacity: 10,
      SuspendedState: {
        DynamicScalingInSuspended: true,
        DynamicScalingOutSuspended: false,
        ScheduledScalingSuspended: false,
      },
    },
  ]);
  await expect(register({ MinCapacity: 11 })).rejects.toMatchObject({ name: "ValidationException" });
  await test.close();
});
