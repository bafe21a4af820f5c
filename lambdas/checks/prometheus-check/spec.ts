import * as z from "zod";
import { allow, defineCheck } from "../../runtime/spec.ts";

const Duration = z.string().regex(/^\d+(s|m|h)$/, 'a duration such as "2m"');

/** R15, O10: what a PromQL query says, against a limit. Nothing measured is inconclusive. */
export const prometheusCheck = defineCheck({
  kind: "prometheus-check",
  summary: "Compare what a PromQL query of Amazon Managed Service for Prometheus says with a limit",
  input: z.strictObject({
    workspace: z
      .string()
      .regex(/^ws-[0-9a-f-]{1,64}$/, "a workspace's id, not its ARN or alias")
      .describe("id of the workspace, in the plan's Region"),
    query: z
      .string()
      .min(1)
      .max(10_000)
      .describe(
        "PromQL that gives a number; ask for the value itself, since a query that filters (`… > 1`) says nothing when all is well, and nothing is inconclusive",
      ),
    expect: z
      .string()
      .regex(/^(>=|<=|>|<)\s*-?\d+(\.\d+)?$/, 'a comparison and a number, for example "< 1"')
      .describe("what every value of every series must be"),
    over: Duration.optional().describe(
      "every step of this time must fit; only the present moment unless given",
    ),
    step: Duration.default("30s").describe("distance between two moments of `over`"),
    minimumSeries: z.int().min(1).default(1).describe("fewer series than this are inconclusive"),
    minimumSamples: z
      .int()
      .min(1)
      .default(1)
      .describe("fewer values of any series than this, over the time, are inconclusive"),
  }),
  timeoutSeconds: 20,
  permissions: ({ workspace }, arn) => [allow("aps:QueryMetrics", arn.of("aps", `workspace/${workspace}`))],
  measuresUsers: true,
  clients: [],
  runbooks: ["R15", "O10"],
  docs: ["https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-APIReference-QueryMetrics.html"],
});
