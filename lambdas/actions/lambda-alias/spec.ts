import * as z from "zod";
import { allow, defineAction } from "../../runtime/spec.ts";

const Version = z.string().regex(/^\d{1,12}$/);

/** A5, H6c: the code of the last stable version, without a deployment. */
export const lambdaAlias = defineAction({
  kind: "lambda-alias",
  summary: "Point an alias of a Lambda function at an earlier published version, for all of its calls",
  input: z.strictObject({
    function: z
      .string()
      .regex(/^[a-zA-Z0-9-_]{1,64}$/, "a function's name")
      .describe("name of the function"),
    alias: z
      .string()
      .regex(/^(?!\d+$)[a-zA-Z0-9-_]{1,128}$/, "an alias, not a version")
      .describe(
        "name of the alias that callers use; stop a CodeDeploy deployment that shifts it before. Its provisioned concurrency follows within minutes; a version's own stays there",
      ),
    version: z
      .union([z.literal("previous"), z.literal("last-good"), z.int().min(1)])
      .default("previous")
      .describe(
        "`previous`: the older of two versions that share the calls, else the newest published before the alias's; `last-good`: the one whose description is the version that completed its watch; or a number",
      ),
  }),
  before: z.strictObject({
    version: Version.or(z.literal("$LATEST")),
    weights: z.record(Version, z.number()).describe("share of the calls that another version had"),
    revisionId: z.string(),
    target: Version,
  }),
  outputs: z.strictObject({ version: z.string().describe("the version that gets every call now") }),
  effect: "switches",
  revertible: true,
  timing: { timeoutSeconds: 120, pollSeconds: 5 },
  permissions: (input, arn) => {
    const resource = arn.of("lambda", `function:${input.function}`);
    const read = [
      allow(["lambda:GetAlias", "lambda:ListVersionsByFunction"], resource),
      allow("lambda:GetFunctionConfiguration", `${resource}:*`),
    ];
    return {
      read,
      write: [allow(["lambda:GetAlias", "lambda:UpdateAlias"], resource)],
    };
  },
  touches: (input) => [{ type: "lambda-alias", id: `${input.function}:${input.alias}` }],
  clients: ["@aws-sdk/client-lambda", "@aws-sdk/client-dynamodb"],
  runbooks: ["A5", "H6c"],
  docs: [
    "https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html",
    "https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html",
  ],
});
