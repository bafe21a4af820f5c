import * as z from "zod";
import { PlainHeaders } from "../../runtime/request.ts";
import { SecretName } from "../../runtime/secret-name.ts";
import { allow, defineCheck } from "../../runtime/spec.ts";

/** T6, T12: a WebSocket opens, and what is sent is answered. */
export const websocketCheck = defineCheck({
  kind: "websocket-check",
  summary: "Open a WebSocket, send one message, and compare what comes back",
  input: z.strictObject({
    url: z.url({ protocol: /^wss$/, error: "a wss URL" }).describe("what is opened"),
    protocols: z.array(z.string().min(1)).max(5).default([]).describe("subprotocols that are offered"),
    headers: PlainHeaders.default({}).describe("headers of the handshake"),
    token: z
      .strictObject({
        secret: SecretName.describe("name or ARN of the secret"),
        member: z.string().default("token").describe("member of the secret's JSON"),
        header: z.string().default("authorization").describe("header that carries it"),
        prefix: z.string().default("Bearer ").describe("text before it"),
      })
      .optional()
      .describe("a token from Secrets Manager, put into a header of the handshake"),
    send: z
      .union([z.string(), z.record(z.string(), z.unknown())])
      .optional()
      .describe("message to send; an object is sent as JSON"),
    echo: z.boolean().default(false).describe("the very text that was sent must come back"),
    contains: z.string().min(1).optional().describe("text that the answer must have somewhere"),
    json: z
      .record(z.string(), z.unknown())
      .optional()
      .describe("members that the JSON answer must have, with these values"),
    withinMilliseconds: z
      .int()
      .min(100)
      .max(15_000)
      .default(10_000)
      .describe(
        "longest time until the socket is open and the answer is there; other messages may come before it",
      ),
    allowPrivate: z.boolean().default(false).describe("the host may be a private or loopback address"),
  }),
  timeoutSeconds: 20,
  permissions: ({ token }, arn) =>
    token
      ? [
          allow(
            "secretsmanager:GetSecretValue",
            token.secret.startsWith("arn:")
              ? token.secret
              : arn.of("secretsmanager", `secret:${token.secret}-??????`),
          ),
        ]
      : [],
  proves: ({ url }) => [{ type: "host", id: new URL(url).hostname }],
  measuresUsers: true,
  clients: ["@aws-sdk/client-secrets-manager"],
  needsVpc: true,
  runbooks: ["T6", "T12"],
  docs: [],
});
