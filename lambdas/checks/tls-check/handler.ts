import type * as z from "zod";
import { allowedAddress } from "../../runtime/address.ts";
import type { Measurement } from "../../runtime/protocol.ts";
import { serveCheck } from "../../runtime/serve-check.ts";
import { type Presented, presented } from "./presented.ts";
import { tlsCheck } from "./spec.ts";

type Input = z.output<typeof tlsCheck.input>;
type Found = Omit<Measurement, "check" | "at">;

const HANDSHAKE_MILLISECONDS = 10_000;
const DAY = 86_400_000;

/** The end of a chain that a server makes up by itself or leaves out, in words. */
const CHAIN: Record<string, string> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "it is signed by itself",
  SELF_SIGNED_CERT_IN_CHAIN: "its chain ends in an authority that is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its chain is not complete, or its authority not trusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its chain is not complete, or its authority not trusted",
};

/** Days from now; negative when it is over. */
const daysLeft = ({ validTo }: Pick<Presented, "validTo">, now: number) => (validTo - now) / DAY;
const day = (milliseconds: number) => new Date(milliseconds).toISOString();

/** Everything that is wrong with a certificate at a moment; empty when a client would take it. Pure. */
export function faults(
  input: Pick<Input, "daysLeft" | "sha256">,
  certificate: Presented,
  now: number,
): string[] {
  const { chainError, nameError, validFrom, validTo, sha256 } = certificate;
  const left = daysLeft(certificate, now);
  return [
    chainError ? `${CHAIN[chainError] ?? "its chain is not trusted"} (${chainError})` : "",
    nameError ? `it is for another name: ${nameError}` : "",
    validFrom > now ? `it is not valid before ${day(validFrom)}` : "",
    left <= 0
      ? `it expired at ${day(validTo)}`
      : left < input.daysLeft
        ? `it expires at ${day(validTo)}, in less than ${input.daysLeft} days`
        : "",
    input.sha256 && sha256 !== input.sha256 ? `it is another certificate, with the SHA-256 ${sha256}` : "",
  ].filter(Boolean);
}

export async function measure(input: Input, { now }: { now(): number }): Promise<Found> {
  const name = input.name ?? input.host;
  const limit = `valid for ${name}, trusted, ≥ ${input.daysLeft} days${input.sha256 ? ", the certificate named" : ""}`;
  const line = `TLS to ${input.host}:${input.port}`;
  try {
    const target = await allowedAddress(input.host, input.allowPrivate);
    if ("refused" in target) return { verdict: "error", limit, evidence: [line, target.refused] };
    const { address } = target;
    const certificate = await presented({ address, port: input.port, name }, HANDSHAKE_MILLISECONDS);
    const wrong = faults(input, certificate, now());
    return {
      verdict: wrong.length === 0 ? "passed" : "failed",
      value: `${Math.floor(daysLeft(certificate, now()))} days left`,
      limit,
      evidence: [
        line,
        `presented ${certificate.subject}, issued by ${certificate.issuer}, valid until ${day(certificate.validTo)}`,
        ...wrong.map((each) => `found ${each}`),
      ],
    };
  } catch (error) {
    // No handshake is an answer: no client reaches the service.
    return { verdict: "failed", value: "no handshake", limit, evidence: [line, (error as Error).message] };
  }
}

export const handler = serveCheck(tlsCheck, measure);
