import * as z from "zod";
import { allow, defineAction } from "../../runtime/spec.ts";

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html */
const MOST_WILDCARDS = 15;

/** T10. What was put back is served at once, and not when a cache's time is over. */
export const cloudfrontInvalidation = defineAction({
  kind: "cloudfront-invalidation",
  summary: "Make CloudFront forget what its edges have cached of some paths",
  input: z.strictObject({
    distribution: z
      .string()
      .regex(/^E[A-Z0-9]{5,30}$/, "a distribution's id")
      .describe("id of the distribution"),
    paths: z
      .array(z.string().regex(/^\/[^*\s]*\*?$/, "a path that begins with / and may end with *"))
      .min(1)
      .max(30)
      .refine((paths) => paths.filter((path) => path.endsWith("*")).length <= MOST_WILDCARDS, {
        error: `at most ${MOST_WILDCARDS} paths that end with *, which is all that CloudFront works on at a time`,
      })
      .describe(
        `paths to forget, at most ${MOST_WILDCARDS} with a final *; each is charged beyond a thousand a month`,
      ),
  }),
  before: z.strictObject({ domainName: z.string() }),
  outputs: z.strictObject({ invalidation: z.string().describe("id of the invalidation").optional() }),
  effect: "creates",
  revertible: true,
  timing: { timeoutSeconds: 900, pollSeconds: 10 },
  permissions: ({ distribution }, arn) => {
    const resource = arn.of("cloudfront", `distribution/${distribution}`, { region: "" });
    return {
      read: [allow(["cloudfront:GetDistribution", "cloudfront:GetInvalidation"], resource)],
      write: [allow("cloudfront:CreateInvalidation", resource)],
    };
  },
  touches: ({ distribution, paths }) =>
    paths.map((path) => ({ type: "cloudfront-cache", id: `${distribution}${path}` })),
  clients: ["@aws-sdk/client-cloudfront", "@aws-sdk/client-dynamodb"],
  runbooks: ["T10"],
  docs: ["https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html"],
});
