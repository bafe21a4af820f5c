import * as z from "zod";
import { allow, defineAction } from "../../runtime/spec.ts";

const Version = z.int().min(1);

/** A4, H1, A2: a parameter goes back to what it was. `before` holds version numbers, never a value. */
export const ssmParameter = defineAction({
  kind: "ssm-parameter",
  summary: "Give a parameter of Systems Manager an earlier version's value, or a value of the plan",
  input: z
    .strictObject({
      parameter: z
        .string()
        .regex(
          /^([\w.-]+|(\/[\w.-]+){1,15})$/,
          "a parameter's name, with a slash in front where it has any, and without a version",
        )
        .describe("name of the parameter; its tier, policies and tags stay"),
      version: z
        .union([z.literal("previous"), z.literal("before-deployment"), Version])
        .optional()
        .describe(
          "`previous`: the newest version with another value (unless `value` is given); `before-deployment`: the newest that is older than the deployment; or a number",
        ),
      value: z
        .string()
        .min(1)
        .max(8192)
        .optional()
        .describe("instead of a version: the value itself; refused for secure strings"),
    })
    .refine(({ version, value }) => version === undefined || value === undefined, {
      error: "either a version or a value",
      path: ["value"],
    }),
  before: z.strictObject({
    version: Version.describe("the newest version when the run began"),
    target: Version.nullable().describe("the version whose value comes back; null: the plan's own value"),
  }),
  outputs: z.strictObject({ version: Version.describe("the version that holds now") }),
  effect: "overwrites",
  keepsBefore: true,
  revertible: true,
  timing: { timeoutSeconds: 120, pollSeconds: 5 },
  permissions: ({ parameter }, arn) => {
    const resource = arn.of("ssm", `parameter/${parameter.replace(/^\//, "")}`);
    const read = allow(["ssm:GetParameter", "ssm:GetParameterHistory"], resource);
    return {
      read: [read],
      write: [read, allow("ssm:PutParameter", resource, { StringEquals: { "ssm:Overwrite": "true" } })],
    };
  },
  touches: ({ parameter }) => [{ type: "parameter", id: parameter }],
  clients: ["@aws-sdk/client-ssm", "@aws-sdk/client-dynamodb"],
  runbooks: ["H1", "A2", "A4", "R11"],
  docs: [
    "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html",
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html",
  ],
});
