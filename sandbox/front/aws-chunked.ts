import type { WireRequest } from "./codec/wire.ts";

/**
 * The body without `aws-chunked` framing, which SDKs use to send a checksum as a trailer
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html). Chunk signatures are not verified.
 */
export function dechunk(request: WireRequest): Buffer {
  const encoded =
    request.headers["content-encoding"]?.includes("aws-chunked") ||
    request.headers["x-amz-content-sha256"]?.startsWith("STREAMING-");
  if (!encoded) return request.body;
  const parts: Buffer[] = [];
  let at = 0;
  while (at < request.body.length) {
    const end = request.body.indexOf("\r\n", at);
    if (end < 0) break;
    const size = Number.parseInt(request.body.subarray(at, end).toString().split(";")[0]!, 16);
    if (!(size > 0)) break;
    parts.push(request.body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return Buffer.concat(parts);
}
