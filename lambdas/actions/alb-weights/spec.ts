import * as z from "zod";
import { allow, defineAction } from "../../runtime/spec.ts";

const RuleArn = z
  .string()
  .regex(
    /^arn:[^:]+:elasticloadbalancing:[^:]+:\d{12}:(listener\/app\/[\w-]+(\/[\da-f]+){2}|listener-rule\/app\/[\w-]+(\/[\da-f]+){3})$/,
    "the ARN of a listener rule or of a listener",
  );
const GroupArn = z
  .string()
  .regex(
    /^arn:[^:]+:elasticloadbalancing:[^:]+:\d{12}:targetgroup\/[\w-]+\/[\da-f]+$/,
    "the ARN of a target group",
  );

const UserPoolArn = z
  .string()
  .regex(/^arn:[^:]+:cognito-idp:[^:]+:\d{12}:userpool\/[\w-]+$/, "the ARN of a Cognito user pool");

/** Whether what is named routes by a listener's default actions. */
export const isListener = (rule: string): boolean => rule.split(":")[5]?.startsWith("listener/") ?? false;

/** R4: blue-green on AWS's own load balancer. One call moves all traffic; the other colour stays as it is. */
export const albWeights = defineAction({
  kind: "alb-weights",
  summary: "Move a load balancer rule's traffic to a target group, only onto healthy targets",
  input: z.strictObject({
    rule: RuleArn.describe(
      "ARN of the listener rule; or ARN of the listener, for its default actions. What else writes its weights (CodeDeploy, a blue/green deployment of ECS, the next deployment of its stack) must be stopped before",
    ),
    to: GroupArn.describe("ARN of the target group that gets all the traffic, or the share below"),
    percent: z
      .int()
      .min(1)
      .max(100)
      .default(100)
      .describe("share that it gets; the rest keeps its proportions"),
    userPool: UserPoolArn.optional().describe(
      "ARN of the Cognito user pool, where an authenticate-cognito action comes before the forward: AWS reads the pool's client in the caller's name",
    ),
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
  permissions: ({ rule, userPool }, arn) => {
    const literal = rule.startsWith("arn:");
    const verb = (listener: boolean, call: string) =>
      `elasticloadbalancing:${call}${listener ? "Listener" : "Rule"}`;
    // An expression may give either.
    const kinds = literal ? [isListener(rule)] : [false, true];
    // The describing calls of Elastic Load Balancing know no resources.
    const look = allow(
      [...kinds.map((each) => `${verb(each, "Describe")}s`), "elasticloadbalancing:DescribeTargetHealth"],
      "*",
    );
    const modify = kinds.map((each) =>
      allow(
        verb(each, "Modify"),
        literal ? rule : arn.of("elasticloadbalancing", `${each ? "listener" : "listener-rule"}/app/*`),
      ),
    );
    const pool = userPool?.startsWith("{%") ? arn.of("cognito-idp", "userpool/*") : userPool;
    const signIn = pool ? [allow("cognito-idp:DescribeUserPoolClient", pool)] : [];
    return { read: [look], write: [look, ...modify, ...signIn] };
  },
  touches: ({ rule }) => [{ type: isListener(rule) ? "listener" : "listener-rule", id: rule }],
  clients: ["@aws-sdk/client-elastic-load-balancing-v2", "@aws-sdk/client-dynamodb"],
  runbooks: ["R4"],
  docs: [
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyRule.html",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyListener.html",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html",
  ],
});
