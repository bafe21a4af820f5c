import * as z from "zod";
import { allow, defineCheck } from "../../runtime/spec.ts";

const Duration = z.string().regex(/^\d+(s|m|h)$/, 'a duration such as "5m"');

/** H4, O8: `docker logs | grep`, counted. A log that says nothing at all is not a quiet log: it is inconclusive. */
export const logCheck = defineCheck({
  kind: "log-check",
  summary: "Count lines of CloudWatch Logs in the last minutes and compare the count with a limit",
  input: z.strictObject({
    groups: z
      .array(z.string().regex(/^[\w./#-]{1,512}$/, "a log group's name"))
      .min(1)
      .max(50)
      .describe("names of the log groups"),
    pattern: z
      .string()
      .min(1)
      .max(500)
      .describe('regular expression that a counted line holds, for example "ERROR|WARN"'),
    without: z.string().min(1).max(500).optional().describe("lines that hold this are not counted"),
    expect: z
      .string()
      .regex(/^(>=|<=|>|<|=)\s*\d+$/, 'a comparison and a whole number, for example "= 0"')
      .default("= 0")
      .describe("what the count must be"),
    over: Duration.default("5m").describe("lines of this time are counted"),
    minimumLines: z
      .int()
      .min(0)
      .default(1)
      .describe("fewer lines than this in the time, whatever they say, are inconclusive"),
  }),
  timeoutSeconds: 60,
  permissions: ({ groups }, arn) => [
    allow(
      "logs:StartQuery",
      groups.map((group) => arn.of("logs", `log-group:${group}:*`)),
    ),
    // A query's id is no resource that a policy can name.
    allow(["logs:GetQueryResults", "logs:StopQuery"], "*"),
  ],
  clients: ["@aws-sdk/client-cloudwatch-logs"],
  runbooks: ["H4", "O8"],
  docs: [
    "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html",
    "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetQueryResults.html",
  ],
});
