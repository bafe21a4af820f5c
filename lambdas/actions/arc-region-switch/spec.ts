import * as z from "zod";
import { allow, defineAction } from "../../runtime/spec.ts";

const Region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "a Region such as us-west-2");

/** Beyond the runbooks: a whole application to another Region, by the plan that ARC Region switch has for it. */
export const arcRegionSwitch = defineAction({
  kind: "arc-region-switch",
  summary: "Execute an ARC Region switch plan, and wait until it is through, its own approvals included",
  input: z
    .strictObject({
      plan: z
        .string()
        .regex(
          /^arn:aws[a-z-]*:arc-region-switch::\d{12}:plan\/[A-Za-z0-9-]{1,32}:[a-z0-9]{6}$/,
          "a Region switch plan's ARN",
        )
        .describe("ARN of the Region switch plan"),
      region: Region.describe("Region that is activated, or deactivated"),
      action: z.enum(["activate", "deactivate"]).default("activate").describe("which of its workflows"),
      mode: z
        .enum(["graceful", "ungraceful"])
        .default("graceful")
        .describe("`ungraceful`: what the Region that is left would have to do is skipped or forced"),
      from: Region.optional().describe(
        "Region whose data plane is asked: the one that is activated unless given; it must not be the one that is left",
      ),
      acceptWarnings: z
        .boolean()
        .default(false)
        .describe("go on although the plan's own evaluation says that it needs work"),
    })
    .refine(({ action, from }) => action === "activate" || from !== undefined, {
      path: ["from"],
      message: "name the Region that a deactivation is executed from",
    })
    .refine(({ action, from, region }) => action === "activate" || from !== region, {
      path: ["from"],
      message: "a Region is not left from within itself",
    }),
  before: z.strictObject({
    version: z.string().describe("version of the plan"),
    steps: z.array(z.string()).describe("steps of the workflow"),
  }),
  outputs: z.strictObject({ executionId: z.string().describe("id of the plan's execution") }),
  effect: "switches",
  revertible: false,
  timing: { timeoutSeconds: 3600, pollSeconds: 15 },
  permissions: ({ plan }) => {
    const on = (...names: string[]) => names.map((name) => `arc-region-switch:${name}`);
    return {
      read: [
        allow(
          on("GetPlanInRegion", "GetPlanEvaluationStatus", "GetPlanExecution", "ListPlanExecutions"),
          plan,
        ),
      ],
      write: [allow(on("GetPlanInRegion", "ListPlanExecutions", "StartPlanExecution"), plan)],
      revert: [allow(on("CancelPlanExecution", "GetPlanExecution"), plan)],
    };
  },
  touches: ({ plan }) => [{ type: "arc-region-switch-plan", id: plan }],
  clients: ["@aws-sdk/client-dynamodb"],
  runbooks: [],
  docs: [
    "https://docs.aws.amazon.com/arc-region-switch/latest/api/API_StartPlanExecution.html",
    "https://docs.aws.amazon.com/r53recovery/latest/dg/plan-execution-rs.html",
  ],
});
