import * as z from "zod";
import { defineCheck } from "../../runtime/spec.ts";

/** T6, T8: what a host presents is what a client would trust, and still will be for some days. */
export const tlsCheck = defineCheck({
  kind: "tls-check",
  summary: "Open a TLS connection and judge the certificate: its name, its chain, the days it is still valid",
  input: z.strictObject({
    host: z.string().min(1).max(253).describe("where the connection is opened"),
    port: z.int().min(1).max(65_535).default(443).describe("TCP port"),
    name: z
      .string()
      .min(1)
      .max(253)
      .optional()
      .describe("name that the certificate must be valid for; the host unless given"),
    daysLeft: z
      .number()
      .min(0)
      .max(825)
      .default(1)
      .describe("days for which the certificate must still be valid"),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "the SHA-256 of the certificate: 64 hexadecimal digits")
      .optional()
      .describe("fingerprint of the very certificate that must be presented"),
    allowPrivate: z.boolean().default(false).describe("the host may be a private or loopback address"),
  }),
  timeoutSeconds: 20,
  permissions: () => [],
  proves: ({ host, name }) => [
    { type: "host", id: host },
    { type: "host", id: name ?? host },
  ],
  clients: [],
  needsVpc: true,
  runbooks: ["T6", "T8"],
  docs: [],
});
