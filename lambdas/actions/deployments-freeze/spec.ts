import * as z from "zod";
import { allow, defineAction } from "../../runtime/spec.ts";

/** T3: while a rollback runs nothing new may be deployed. `until: watch-end` opens the way again. */
export const deploymentsFreeze = defineAction({
  kind: "deployments-freeze",
  summary: "Keep changes from entering a stage of a CodePipeline pipeline",
  input: z.strictObject({
    pipeline: z
      .string()
      .regex(/^[A-Za-z0-9.@_-]{1,100}$/, "a pipeline's name")
      .describe("name of the pipeline"),
    stage: z
      .string()
      .regex(/^[A-Za-z0-9.@_-]{1,100}$/, "a stage's name")
      .describe("stage that changes production; what is before it goes on"),
  }),
  before: z.strictObject({
    enabled: z.boolean().describe("whether changes could enter the stage when the run began"),
    reason: z.string().nullable().describe("why not, where somebody else had closed it"),
  }),
  outputs: z.strictObject({ stage: z.string().describe("the stage that nothing enters") }),
  effect: "overwrites",
  // One bit, and it is in `before`.
  keepsBefore: true,
  keepsCode: true,
  revertible: true,
  timing: { timeoutSeconds: 120, pollSeconds: 5 },
  permissions: ({ pipeline, stage }, arn) => {
    const look = allow("codepipeline:GetPipelineState", arn.of("codepipeline", pipeline));
    return {
      read: [look],
      write: [
        look,
        allow(
          ["codepipeline:DisableStageTransition", "codepipeline:EnableStageTransition"],
          arn.of("codepipeline", `${pipeline}/${stage}`),
        ),
      ],
    };
  },
  touches: ({ pipeline, stage }) => [{ type: "pipeline-stage", id: `${pipeline}/${stage}` }],
  clients: ["@aws-sdk/client-codepipeline", "@aws-sdk/client-dynamodb"],
  runbooks: ["T3"],
  docs: [
    "https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_DisableStageTransition.html",
    "https://docs.aws.amazon.com/codepipeline/latest/userguide/transitions-disable.html",
  ],
});
