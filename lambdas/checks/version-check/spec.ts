import * as z from "zod";
import { readsToken, Token } from "../../runtime/request.ts";
import { defineCheck } from "../../runtime/spec.ts";

/** R15, O8: an answer of 200 says that something runs; this says what. */
export const versionCheck = defineCheck({
  kind: "version-check",
  summary: "Ask a service which version it runs, and compare it with the one gone back to",
  input: z.strictObject({
    url: z.url({ protocol: /^https$/, error: "an https URL" }).describe("endpoint that tells the version"),
    member: z
      .string()
      .min(1)
      .optional()
      .describe("where it is in a JSON answer, for example `build.version`; the whole text unless given"),
    version: z
      .string()
      .min(1)
      .default("last-good")
      .describe("`last-good` (the version that the run went back to) or a version"),
    token: Token.optional().describe("a token from Secrets Manager, put into a header"),
    allowPrivate: z.boolean().default(false).describe("the host may be a private or loopback address"),
  }),
  timeoutSeconds: 20,
  permissions: ({ token }, arn) => readsToken(token, arn),
  proves: ({ url }) => [{ type: "host", id: new URL(url).hostname }],
  clients: ["@aws-sdk/client-secrets-manager"],
  needsVpc: true,
  runbooks: ["R15", "O8"],
  docs: [],
});
