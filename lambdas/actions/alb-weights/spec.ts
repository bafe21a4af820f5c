import * as z from "zod";
import { allow, defineAction } from "../../runtime/spec.ts";

const RuleArn = z
  .string()
  .regex(
    /^arn:[^:]+:elasticloadbalancing:[^:]+:\d{12}:listener-rule\/app\/[\w-]+\/[\da-f]+\/[\da-f]+\/[\da-f]+$/,
    "the ARN of a listener rule",
  );
const GroupArn = z
  .string()
  .regex(
    /^arn:[^:]+:elasticloadbalancing:[^:]+:\d{12}:targetgroup\/[\w-]+\/[\da-f]+$/,
    "the ARN of a target group",
  );

/** R4: blue-green on AWS's own load balancer. One call moves all traffic; the other colour stays as it is. */
export const albWeights = defineAction({
  kind: "alb-weights",
  summary: "Move a load balancer rule's traffic to a target group, only onto healthy targets",
  input: z.strictObject({
    rule: RuleArn.describe("ARN of the listener rule; a listener's default rule cannot be modified"),
    to: GroupArn.describe("ARN of the target group that gets all the traffic, or the share below"),
    percent: z
      .int()
      .min(1)
      .max(100)
      .default(100)
      .describe("share that it gets; the rest keeps its proportions"),
    healthy: z.int().min(1).max(1000).default(1).describe("healthy targets that it needs at least"),
  }),
  before: z.strictObject({
    actions: z
      .array(z.record(z.string(), z.unknown()))
      .describe("the rule's actions as they were, as ModifyRule takes them"),
    target: z.array(z.record(z.string(), z.unknown())).describe("the rule's actions as they will be"),
  }),
  outputs: z.strictObject({ targetGroup: z.string().describe("ARN of the target group") }),
  effect: "switches",
  revertible: true,
  timing: { timeoutSeconds: 300, pollSeconds: 5 },
  permissions: ({ rule }, arn) => {
    // The describing calls of Elastic Load Balancing know no resources.
    const look = allow(
      ["elasticloadbalancing:DescribeRules", "elasticloadbalancing:DescribeTargetHealth"],
      "*",
    );
    const named = rule.startsWith("arn:") ? rule : arn.of("elasticloadbalancing", "listener-rule/app/*");
    return { read: [look], write: [look, allow("elasticloadbalancing:ModifyRule", named)] };
  },
  touches: ({ rule }) => [{ type: "listener-rule", id: rule }],
  clients: ["@aws-sdk/client-elastic-load-balancing-v2", "@aws-sdk/client-dynamodb"],
  runbooks: ["R4"],
  docs: [
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyRule.html",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html",
  ],
});
