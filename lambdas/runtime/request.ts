import * as z from "zod";
import { type ArnBuilder, allow, type Permission } from "./spec.ts";

/** A token in Secrets Manager that a request carries in a header; the same in every check that asks over HTTPS. */
export const Token = z.strictObject({
  secret: z.string().describe("name or ARN of the secret"),
  member: z.string().default("token").describe("member of the secret's JSON"),
  header: z.string().default("authorization").describe("header that carries it"),
  prefix: z.string().default("Bearer ").describe("text before it"),
});

/** What a check needs to read its token. */
export function readsToken(token: z.output<typeof Token> | undefined, arn: ArnBuilder): Permission[] {
  if (!token) return [];
  const named = token.secret.startsWith("arn:")
    ? token.secret
    : arn.of("secretsmanager", `secret:${token.secret}-??????`);
  return [allow("secretsmanager:GetSecretValue", named)];
}
