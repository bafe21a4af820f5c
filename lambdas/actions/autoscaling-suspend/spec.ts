import * as z from "zod";
import { allow, defineAction } from "../../runtime/spec.ts";

/**
 * What Application Auto Scaling scales, with the dimension that each service is scaled in. Aurora's replicas are not
 * there: AWS would ask whether the step itself may delete instances, which no role of a plan may.
 */
const DIMENSIONS = {
  ecs: "ecs:service:DesiredCount",
  dynamodb: "dynamodb:table:ReadCapacityUnits",
  lambda: "lambda:function:ProvisionedConcurrency",
} as const;

/**
 * What Application Auto Scaling tries in the caller's name before it takes a change.
 * https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission_validation.html
 */
const TRIED = {
  ecs: ["ecs:DescribeServices", "ecs:UpdateService"],
  dynamodb: ["dynamodb:DescribeTable", "dynamodb:UpdateTable"],
  lambda: ["lambda:GetProvisionedConcurrencyConfig", "lambda:PutProvisionedConcurrencyConfig"],
} as const;

/** Scaling that fights a rollback is suspended; O9: its bounds come back (min 3, max 10). */
export const autoscalingSuspend = defineAction({
  kind: "autoscaling-suspend",
  summary: "Suspend or resume a service's automatic scaling, or give it its bounds back",
  input: z
    .strictObject({
      resource: z
        .string()
        .regex(/^[\w:/.$-]{1,1600}$/, "a scalable target's resource id")
        .describe("resource id as Application Auto Scaling has it, for example service/main/hub"),
      namespace: z
        .enum(Object.keys(DIMENSIONS) as [keyof typeof DIMENSIONS])
        .default("ecs")
        .describe("service namespace; not rds: only who may delete instances may change Aurora's scaling"),
      dimension: z.string().optional().describe("scalable dimension; the namespace's usual one unless given"),
      suspend: z
        .boolean()
        .optional()
        .describe("true: nothing is scaled; false: scaling goes on; as it is unless given"),
      min: z.int().min(0).optional().describe("smallest capacity; as it is unless given"),
      max: z.int().min(0).optional().describe("largest capacity; as it is unless given"),
    })
    .refine(({ suspend, min, max }) => suspend !== undefined || min !== undefined || max !== undefined, {
      error: "say what changes: suspend, min or max",
      path: ["suspend"],
    })
    .refine(({ min, max }) => min === undefined || max === undefined || min <= max, {
      error: "min is above max",
      path: ["min"],
    }),
  before: z.strictObject({
    min: z.int(),
    max: z.int(),
    suspended: z.record(z.string(), z.boolean()).describe("what was suspended"),
  }),
  outputs: z.strictObject({
    min: z.int().describe("smallest capacity that holds now"),
    max: z.int().describe("largest capacity that holds now"),
  }),
  effect: "overwrites",
  keepsBefore: true,
  keepsCode: true,
  revertible: true,
  timing: { timeoutSeconds: 120, pollSeconds: 5 },
  permissions: ({ namespace = "ecs", dimension, resource }, arn) => {
    // Describing knows no resources.
    const look = allow("application-autoscaling:DescribeScalableTargets", "*");
    return {
      read: [look],
      write: [
        look,
        // A scalable target's id is not known before it is asked for; the conditions name the rest.
        allow(
          "application-autoscaling:RegisterScalableTarget",
          arn.of("application-autoscaling", "scalable-target/*"),
          {
            StringEquals: {
              "application-autoscaling:service-namespace": namespace,
              "application-autoscaling:scalable-dimension": dimension ?? DIMENSIONS[namespace],
            },
          },
        ),
        allow([...TRIED[namespace]], arn.of(namespace, resource.startsWith("{%") ? "*" : resource)),
      ],
    };
  },
  touches: ({ namespace = "ecs", resource }) => [{ type: "scalable-target", id: `${namespace}/${resource}` }],
  clients: ["@aws-sdk/client-application-auto-scaling", "@aws-sdk/client-dynamodb"],
  runbooks: ["O9"],
  docs: [
    "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html",
    "https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-suspend-resume-scaling.html",
    "https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission_validation.html",
  ],
});

export const dimensionOf = (input: { namespace: keyof typeof DIMENSIONS; dimension?: string | undefined }) =>
  input.dimension ?? DIMENSIONS[input.namespace];
