import * as z from "zod";
import { readsToken, Token } from "../../runtime/request.ts";
import { defineCheck } from "../../runtime/spec.ts";

/** T13: `ab -n 100 -c 10`, with a verdict. One good answer proves little; a hundred show errors and slow ones. */
export const loadCheck = defineCheck({
  kind: "load-check",
  summary: "Send many HTTPS requests side by side and compare errors and response times with limits",
  input: z.strictObject({
    url: z.url({ protocol: /^https$/, error: "an https URL" }).describe("what is asked, with GET"),
    requests: z.int().min(1).max(1000).default(100).describe("how many requests in all"),
    concurrency: z.int().min(1).max(50).default(10).describe("how many at a time"),
    status: z
      .union([z.int(), z.array(z.int()).min(1)])
      .default(200)
      .describe("the status, or all that are right; any other, and no answer, is an error"),
    token: Token.optional().describe("a token from Secrets Manager, put into a header"),
    maxErrorPercent: z.number().min(0).max(100).default(1).describe("percent of requests that may fail"),
    maxMeanMilliseconds: z.number().positive().max(30_000).optional().describe("mean of the right answers"),
    maxP95Milliseconds: z.number().positive().max(30_000).optional().describe("95 of 100 are as fast"),
    maxP99Milliseconds: z.number().positive().max(30_000).optional().describe("99 of 100 are as fast"),
    allowPrivate: z.boolean().default(false).describe("the host may be a private or loopback address"),
  }),
  timeoutSeconds: 60,
  permissions: ({ token }, arn) => readsToken(token, arn),
  proves: ({ url }) => [{ type: "host", id: new URL(url).hostname }],
  measuresUsers: true,
  clients: ["@aws-sdk/client-secrets-manager"],
  needsVpc: true,
  runbooks: ["T13"],
  docs: [],
});
