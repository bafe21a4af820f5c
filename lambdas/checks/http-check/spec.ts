import * as z from "zod";
import { PlainHeaders, readsToken, Token } from "../../runtime/request.ts";
import { defineCheck } from "../../runtime/spec.ts";

/** H2, R15, R16, O8: one request and what its answer must be. */
export const httpCheck = defineCheck({
  kind: "http-check",
  summary: "Send one HTTPS request and compare status, body, JSON and latency",
  input: z.strictObject({
    url: z.url({ protocol: /^https$/, error: "an https URL" }).describe("what is asked"),
    method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]).default("GET").describe("HTTP method"),
    headers: PlainHeaders.default({}).describe("headers to send"),
    token: Token.optional().describe("a token from Secrets Manager, put into a header"),
    send: z
      .union([z.string(), z.record(z.string(), z.unknown())])
      .optional()
      .describe("body to send; an object is sent as JSON"),
    status: z
      .union([z.int(), z.array(z.int()).min(1)])
      .default(200)
      .describe("the status, or all that are right"),
    body: z.string().optional().describe("the whole answer, surrounding space aside"),
    contains: z.string().optional().describe("text that the answer must have somewhere"),
    json: z
      .record(z.string(), z.unknown())
      .optional()
      .describe("members that the JSON answer must have, with these values"),
    maxMilliseconds: z
      .int()
      .min(1)
      .max(30_000)
      .optional()
      .describe("longest time until the whole answer is there"),
    allowPrivate: z.boolean().default(false).describe("the host may be a private or loopback address"),
  }),
  timeoutSeconds: 20,
  permissions: ({ token }, arn) => readsToken(token, arn),
  proves: ({ url }) => [{ type: "host", id: new URL(url).hostname }],
  measuresUsers: true,
  clients: ["@aws-sdk/client-secrets-manager"],
  needsVpc: true,
  runbooks: ["H2", "R15", "R16", "O8", "T6"],
  docs: [],
});
