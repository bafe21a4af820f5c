import * as z from "zod";
import { PlainHeaders, readsToken, Token } from "../../runtime/request.ts";
import { defineAction } from "../../runtime/spec.ts";

const Url = z.url({ protocol: /^https$/, error: "an https URL" });
const Status = z.union([z.int(), z.array(z.int()).min(1)]);
const Members = z.record(z.string(), z.unknown());

const Request = z.strictObject({
  url: Url.describe("what is asked"),
  method: z.enum(["POST", "PUT", "PATCH", "DELETE"]).default("POST").describe("HTTP method"),
  headers: PlainHeaders.default({}).describe("headers to send"),
  send: z
    .union([z.string(), z.record(z.string(), z.unknown())])
    .optional()
    .describe("body to send; an object is sent as JSON"),
  status: Status.default([200, 201, 202, 204]).describe("the status, or all that are right"),
  json: Members.optional().describe("members that the JSON answer must have, with these values"),
});

/** H1, A2, R11: any flag service; T11: a broadcast to connected clients. */
export const httpRequest = defineAction({
  kind: "http-request",
  summary: "Send one HTTPS request that changes something: a flag service, a broadcast",
  input: z
    .strictObject({
      ...Request.shape,
      token: Token.optional().describe("a token from Secrets Manager, put into a header"),
      idempotent: z
        .boolean()
        .optional()
        .describe(
          "asked again, the service does it once: it honours the Idempotency-Key header, or twice does no harm; PUT and DELETE are taken to be so",
        ),
      until: z
        .strictObject({
          url: Url.describe("asked with GET, with the same headers and token"),
          json: Members.refine((members) => Object.keys(members).length > 0, "at least one member").describe(
            "members of the JSON answer when the request has had its effect; what they are before is kept",
          ),
        })
        .optional()
        .describe("how to see that it is done; read before, and until it holds"),
      undo: z
        .union([z.literal("nothing"), Request])
        .describe(
          "the request that takes it back; `nothing` where nothing is to be taken back, as of a broadcast",
        ),
      allowPrivate: z.boolean().default(false).describe("the hosts may be private or loopback addresses"),
    })
    .refine(({ method, idempotent, until }) => (idempotent ?? isIdempotent(method)) || until, {
      error:
        "a request that may have happened is not sent again blindly: give `until`, by which a second call sees what the first did, or say `idempotent: true`",
      path: ["until"],
    })
    .refine(({ undo, until }) => undo === "nothing" || until, {
      error: "without `until` nobody knows what was there before, so that there is nothing to undo to",
      path: ["undo"],
    }),
  before: z.strictObject({
    members: Members.nullable().describe("what the members of `until` were; null without `until`"),
  }),
  outputs: z.strictObject({
    status: z.int().nullable().describe("status of the answer; null: it was so already"),
  }),
  effect: "overwrites",
  keepsBefore: true,
  revertible: true,
  timing: { timeoutSeconds: 120, pollSeconds: 5 },
  permissions: ({ token }, arn) => ({ read: readsToken(token, arn), write: readsToken(token, arn) }),
  touches: ({ url }) => [{ type: "url", id: url.replace(/\?.*/, "") }],
  clients: ["@aws-sdk/client-secrets-manager", "@aws-sdk/client-dynamodb"],
  needsVpc: true,
  runbooks: ["H1", "A2", "R11", "T11"],
  docs: ["https://www.rfc-editor.org/rfc/rfc9110#name-idempotent-methods"],
});

/** RFC 9110, 9.2.2. */
export function isIdempotent(method: string): boolean {
  return method === "PUT" || method === "DELETE";
}
