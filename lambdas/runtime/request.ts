import * as z from "zod";
import { SecretName } from "./secret-name.ts";
import { type ArnBuilder, allow, type Permission } from "./spec.ts";

/** A token in Secrets Manager that a request carries in a header; the same in every check that asks over HTTPS. */
export const Token = z.strictObject({
  secret: SecretName.describe("name or ARN of the secret"),
  member: z.string().default("token").describe("member of the secret's JSON"),
  header: z.string().default("authorization").describe("header that carries it"),
  prefix: z.string().default("Bearer ").describe("text before it"),
});

/** PlainHeaders that carry what nobody else may know; a plan is in Git, and its state machine is read by many. */
const CREDENTIALS = /^(authorization|proxy-authorization|cookie|x-api-key|x-auth-token|api-key)$/i;

/** PlainHeaders of a request, without what belongs into Secrets Manager. */
export const PlainHeaders = z
  .record(z.string(), z.string())
  .refine((headers) => !Object.keys(headers).some((name) => CREDENTIALS.test(name)), {
    error: "credentials as `token: { secret: …, header: … }`, which are read from Secrets Manager",
  });

/** What a check needs to read its token. */
export function readsToken(token: z.output<typeof Token> | undefined, arn: ArnBuilder): Permission[] {
  if (!token) return [];
  const named = token.secret.startsWith("arn:")
    ? token.secret
    : arn.of("secretsmanager", `secret:${token.secret}-??????`);
  return [allow("secretsmanager:GetSecretValue", named)];
}
