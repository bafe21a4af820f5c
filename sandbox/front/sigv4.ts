import { createHash, createHmac } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { WireRequest } from "./codec/wire.ts";

/** The parts of a SigV4 signature, from the Authorization header or a presigned URL. */
export interface Signature {
  accessKeyId: string;
  date: string;
  region: string;
  service: string;
  signedHeaders: string[];
  signature: string;
  presigned: boolean;
}

/** Reads the signature; undefined when the request carries none. */
export function signatureOf(request: WireRequest): Signature | undefined {
  const header = request.headers["authorization"];
  const match =
    header &&
    /Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=(\w+)/.exec(
      header,
    );
  if (match) {
    const [, accessKeyId, date, region, service, signed, signature] = match as unknown as string[];
    return {
      accessKeyId: accessKeyId!,
      date: date!,
      region: region!,
      service: service!,
      signedHeaders: signed!.split(";"),
      signature: signature!,
      presigned: false,
    };
  }
  const credential = request.query.get("X-Amz-Credential")?.split("/");
  if (credential?.length !== 5) return undefined;
  const [accessKeyId, date, region, service] = credential as [string, string, string, string];
  return {
    accessKeyId,
    date,
    region,
    service,
    signedHeaders: (request.query.get("X-Amz-SignedHeaders") ?? "host").split(";"),
    signature: request.query.get("X-Amz-Signature") ?? "",
    presigned: true,
  };
}

const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, data: string) => createHmac("sha256", key).update(data).digest();
const encode = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const signingKeys = new Map<string, Buffer>();

function signingKey(secret: string, { date, region, service }: Signature): Buffer {
  const scope = `${secret}/${date}/${region}/${service}`;
  let key = signingKeys.get(scope);
  if (!key) {
    key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), "aws4_request");
    if (signingKeys.size > 500) signingKeys.clear();
    signingKeys.set(scope, key);
  }
  return key;
}

/**
 * Whether the signature was made with `secret` (Signature Version 4,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 * `rawPath` is the path as it was sent, still encoded.
 */
export function signatureHolds(
  request: WireRequest,
  rawPath: string,
  given: Signature,
  secret: string,
): boolean {
  const query = [...request.query]
    .filter(([key]) => key !== "X-Amz-Signature")
    .map(([key, value]) => [encode(key), encode(value)] as const)
    .toSorted(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join("&");
  const headers = given.signedHeaders
    .map((name) => `${name}:${(request.headers[name] ?? "").trim().replace(/ +/g, " ")}\n`)
    .join("");
  const declared = request.headers["x-amz-content-sha256"];
  // A presigned S3 URL is good for any body; what is declared as a hash must be the body's.
  const payload =
    declared ?? (given.presigned && given.service === "s3" ? "UNSIGNED-PAYLOAD" : sha256(request.body));
  if (/^[0-9a-f]{64}$/.test(payload) && declared !== undefined && declared !== sha256(request.body))
    return false;
  const stamp = (given.presigned ? request.query.get("X-Amz-Date") : request.headers["x-amz-date"]) ?? "";
  // Every service but S3 signs the path encoded once more.
  const path = given.service === "s3" ? rawPath : rawPath.split("/").map(encode).join("/");
  const canonical = [request.method, path, query, headers, given.signedHeaders.join(";"), payload].join("\n");
  const scope = `${given.date}/${given.region}/${given.service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", stamp, scope, sha256(canonical)].join("\n");
  return hmac(signingKey(secret, given), toSign).toString("hex") === given.signature;
}

/**
 * Whether a presigned URL's time is over. Clients sign with the sandbox's clock (functions) or with the machine's
 * (a person's CLI), so a URL is still good while it is good by either.
 */
export function presignedExpired(request: WireRequest, clock: Clock): boolean {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(request.query.get("X-Amz-Date") ?? "") ?? [];
  const signedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  const lifetime = Number(request.query.get("X-Amz-Expires") ?? 0) * 1000;
  const good = (now: number) => now <= signedAt + lifetime && now >= signedAt - SKEW;
  const now = clock.now();
  return !good(now) && !good(clock.toMachine(now));
}

/** How far ahead a client's clock may be, milliseconds. */
const SKEW = 900_000;
