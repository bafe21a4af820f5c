import * as z from "zod";
import { allow, defineAction } from "../../runtime/spec.ts";

const Name = z.string().regex(/^[\w-]{1,255}$/, "a name: letters, digits, hyphens and underscores");
const Revision = z.string().regex(/^[\w-]{1,255}:\d+$/, "a family and a revision, for example hub:41");

/** A5, H6c: the code of an ECS service back to what ran before; O6a's counterpart, tasks to 0 and back. */
export const ecsService = defineAction({
  kind: "ecs-service",
  summary:
    "Put an ECS service back on an earlier task definition, or on an image, and wait until it is steady",
  input: z
    .strictObject({
      cluster: Name.describe("name of the cluster"),
      service: Name.describe(
        "name of the service; with a blue/green, linear or canary strategy give the step its bake time too",
      ),
      to: z
        .union([z.enum(["previous", "current"]), Revision])
        .default("previous")
        .describe(
          "`previous`: the task definition that ran before the deployment the run is about; `current`: only the count changes; or `family:revision`",
        ),
      image: z
        .string()
        .min(1)
        .max(500)
        .optional()
        .describe(
          "instead of `to`: an image, with tag or digest; a revision of the running task definition with it is registered",
        ),
      container: Name.optional().describe(
        "container that gets the image; the only essential one unless given",
      ),
      tasks: z
        .union([z.literal("as-before"), z.int().min(0).max(1000)])
        .optional()
        .describe("tasks afterwards: a number, or as many as when the run began; unchanged unless given"),
      repository: z
        .string()
        .regex(/^[a-z\d][a-z\d./_-]{1,255}$/, "an ECR repository's name")
        .optional()
        .describe(
          "ECR repository of its image, in this account and Region: an image that is gone or in quarantine is refused",
        ),
      family: Name.optional().describe(
        "task definition family, for `image`; the service's name unless given",
      ),
      passRoles: z
        .array(z.string().regex(/^arn:[^:]+:iam::\d{12}:role\//, "the ARN of a role"))
        .max(4)
        .default([])
        .describe("roles that the task definition names, for `image`: registering it hands them over"),
    })
    .refine(({ image, to }) => image === undefined || to === "previous", {
      error: "either an image or a task definition",
      path: ["image"],
    }),
  before: z.strictObject({
    taskDefinition: z.string().describe("ARN of the task definition that ran when the run began"),
    desiredCount: z.int(),
    target: z.string().nullable().describe("ARN of the one to go to; null: registered by this step"),
    image: z.string().nullable().describe("what every task then runs, where the step registers it"),
    container: z.string().nullable(),
    tasks: z.int().nullable().describe("tasks afterwards; null: unchanged"),
    stops: z
      .string()
      .nullable()
      .describe("ARN of a deployment that goes on, whose own rollback leads to the target"),
  }),
  outputs: z.strictObject({
    taskDefinition: z.string().describe("ARN of the task definition that runs now"),
  }),
  effect: "overwrites",
  // Every task definition is kept by ECS; `before` names the one that ran.
  keepsBefore: true,
  revertible: true,
  timing: { timeoutSeconds: 900, pollSeconds: 10 },
  permissions: ({ cluster, service, image, repository, family, passRoles = [] }, arn) => {
    const own = (type: string) => arn.of("ecs", `${type}/${cluster}/${service}/*`);
    const named = arn.of("ecs", `service/${cluster}/${service}`);
    // Describing and listing task definitions knows no resources.
    const definitions = allow(["ecs:DescribeTaskDefinition", "ecs:ListTaskDefinitions"], "*");
    const look = allow("ecs:DescribeServices", named);
    const registered = arn.of("ecs", `task-definition/${family ?? service}:*`);
    return {
      read: [
        allow(["ecs:DescribeServices", "ecs:ListServiceDeployments"], named),
        allow("ecs:DescribeServiceDeployments", own("service-deployment")),
        allow("ecs:DescribeServiceRevisions", own("service-revision")),
        definitions,
        ...(repository ? [allow("ecr:DescribeImages", arn.of("ecr", `repository/${repository}`))] : []),
      ],
      write: [
        look,
        allow("ecs:UpdateService", named),
        allow("ecs:StopServiceDeployment", own("service-deployment")),
        ...(image
          ? [
              definitions,
              allow(["ecs:RegisterTaskDefinition", "ecs:TagResource"], registered),
              ...(passRoles.length > 0
                ? [
                    allow("iam:PassRole", passRoles, {
                      StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
                    }),
                  ]
                : []),
            ]
          : []),
      ],
    };
  },
  touches: ({ cluster, service }) => [{ type: "ecs-service", id: `${cluster}/${service}` }],
  clients: ["@aws-sdk/client-ecs", "@aws-sdk/client-ecr", "@aws-sdk/client-dynamodb"],
  runbooks: ["A5", "H6c"],
  docs: [
    "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html",
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html",
  ],
});
