import {
  CodePipelineClient,
  CreatePipelineCommand,
  DisableStageTransitionCommand,
  EnableStageTransitionCommand,
  GetPipelineStateCommand,
} from "@aws-sdk/client-codepipeline";
import { expect, it } from "vitest";
import { codepipeline } from "../../../../sandbox/services/codepipeline/index.ts";
import { openWorld } from "../../front/harness.ts";

it("a transition is closed with its reason and opened again", async () => {
  const test = await openWorld([codepipeline]);
  const client = new CodePipelineClient(test.admin);
  const stage = (name: string) => ({ name, actions: [] });
  await client.send(
    new CreatePipelineCommand({
      pipeline: {
        name: "hub",
        roleArn: "arn:aws:iam::123456789012:role/pipeline",
        stages: [stage("Source"), stage("Production")],
      },
    }),
  );
  const production = async () =>
    (await client.send(new GetPipelineStateCommand({ name: "hub" }))).stageStates![1]!.inboundTransitionState;
  const transition = { pipelineName: "hub", stageName: "Production", transitionType: "Inbound" } as const;

  await client.send(new DisableStageTransitionCommand({ ...transition, reason: "rolling back" }));
  const closed = await production();
  await client.send(new EnableStageTransitionCommand(transition));

  expect(closed).toMatchObject({ enabled: false, disabledReason: "rolling back" });
  expect(await production()).toMatchObject({ enabled: true });
  expect((await production())!.disabledReason).toBeUndefined();
  await expect(
    client.send(new EnableStageTransitionCommand({ ...transition, stageName: "Nowhere" })),
  ).rejects.toMatchObject({ name: "StageNotFoundException" });
  await expect(client.send(new GetPipelineStateCommand({ name: "nowhere" }))).rejects.toMatchObject({
    name: "PipelineNotFoundException",
  });
  await test.close();
});
