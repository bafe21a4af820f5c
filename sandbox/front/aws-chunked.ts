import type { WireRequest } from "./codec/wire.ts";

/**
 * The request without `aws-chunked` framing, which SDKs use to send a checksum as a trailer
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html): the body in one piece, trailers as
 * headers. Chunk signatures are not verified; the trailing checksum is what the service checks.
 */
export function dechunk(request: WireRequest): WireRequest {
  const encoding = request.headers["content-encoding"];
  if (
    !encoding?.includes("aws-chunked") &&
    !request.headers["x-amz-content-sha256"]?.startsWith("STREAMING-")
  )
    return request;
  const { body, rest } = chunksOf(request.body);
  const headers = { ...request.headers, ...trailersOf(rest) };
  const others = (encoding ?? "").split(",").filter((each) => each.trim() !== "aws-chunked");
  delete headers["content-encoding"];
  if (others.join("").trim() !== "") headers["content-encoding"] = others.join(",").trim();
  return { ...request, body, headers };
}

function chunksOf(framed: Buffer): { body: Buffer; rest: Buffer } {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = framed.indexOf("\r\n", at);
    if (end < 0) return { body: Buffer.concat(parts), rest: Buffer.alloc(0) };
    const size = Number.parseInt(framed.subarray(at, end).toString().split(";")[0] ?? "", 16);
    at = end + 2;
    if (!(size > 0)) return { body: Buffer.concat(parts), rest: framed.subarray(at) };
    parts.push(framed.subarray(at, at + size));
    at += size + 2;
  }
}

function trailersOf(rest: Buffer): Record<string, string> {
  const lines = rest.toString().split("\r\n");
  const named = lines.map((line) => /^([\w-]+):\s*(.*)$/.exec(line)).filter((match) => match !== null);
  return Object.fromEntries(named.map(([, name = "", value = ""]) => [name.toLowerCase(), value]));
}
