import { request as tlsRequest } from "node:https";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { clientSettings } from "./clients.ts";
import type { Context } from "./context.ts";
import { defaultProvider } from "./credentials.ts";
import { WatchdogError } from "./errors.ts";

/** One request to an AWS service that no SDK client speaks to. */
export interface SignedRequest {
  /** Service in the signature's scope, e.g. `aps`. */
  service: string;
  /** Where AWS answers, e.g. `aps-workspaces.us-east-1.amazonaws.com`. */
  host: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface SignedAnswer {
  status: number;
  body: string;
}

/**
 * Sends it as POST, signed with Signature Version 4 as the function's role. `AWS_ENDPOINT_URL` is heeded as the SDK
 * heeds it. A connection that breaks or hangs is ServiceUnavailable: whether anything was done is not known.
 */
export async function signed(
  { service, host, path, headers, body }: SignedRequest,
  { region, now }: Pick<Context, "region" | "now">,
): Promise<SignedAnswer> {
  const endpoint = new URL(process.env["AWS_ENDPOINT_URL"] ?? `https://${host}`);
  const signer = new SignatureV4({ service, region, credentials: defaultProvider(), sha256: Sha256 });
  const ready = await signer.sign(
    {
      method: "POST",
      protocol: endpoint.protocol,
      hostname: endpoint.hostname,
      path,
      headers: { ...headers, host: endpoint.host },
      body,
    },
    { signingDate: new Date(now()) },
  );
  const request = endpoint.protocol === "http:" ? (await import("node:http")).request : tlsRequest;
  const { connectionTimeout, requestTimeout } = clientSettings.requestHandler;
  return new Promise((resolve, reject) => {
    const broken = (error: Error) =>
      reject(
        new WatchdogError("ServiceUnavailable", `${host} gave no answer to ${path}: ${error.message}`, {
          cause: error,
        }),
      );
    const sent = request(
      {
        hostname: endpoint.hostname,
        port: endpoint.port,
        path,
        method: "POST",
        headers: ready.headers,
        signal: AbortSignal.timeout(connectionTimeout + requestTimeout),
      },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (part: string) => {
          text += part;
        });
        answer.on("error", broken);
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body: text }));
      },
    );
    sent.on("error", broken);
    sent.end(body);
  });
}
