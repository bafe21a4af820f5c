import { gunzipSync } from "node:zlib";
import { ServiceException } from "../service.ts";
import type { WireRequest } from "./codec/wire.ts";

/**
 * The request with its body as it was before the client compressed it. SDKs do so by themselves with large bodies of
 * some operations, CloudWatch's PutMetricData among them. S3 keeps what it is sent and is not asked.
 *
 * @throws ServiceException SerializationException when the body is not what its header says.
 */
export function inflated(request: WireRequest): WireRequest {
  if (request.headers["content-encoding"]?.trim().toLowerCase() !== "gzip") return request;
  const { "content-encoding": _, ...headers } = request.headers;
  try {
    return { ...request, headers, body: gunzipSync(request.body) };
  } catch (error) {
    throw new ServiceException(
      "SerializationException",
      `The request's body is not gzip, as its Content-Encoding says: ${(error as Error).message}`,
      { status: 400 },
    );
  }
}
