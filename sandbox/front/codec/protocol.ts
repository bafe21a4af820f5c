import type { ServiceModel } from "./model.ts";
import type { RestKind } from "./rest.ts";
import type { WireRequest } from "./wire.ts";

/** The wire protocol of one request; clients of one service may differ in it. */
export type Protocol =
  | { name: "query"; ec2: boolean }
  | { name: "json"; version: string }
  | { name: "cbor" }
  | { name: "rest"; kind: RestKind };

/**
 * Which protocol a request is in: by what it carries first, by the service's own protocol second. Without a
 * service (an unknown one) the request alone decides.
 */
export function protocolOf(model: ServiceModel | undefined, request: WireRequest): Protocol {
  const type = request.headers["content-type"] ?? "";
  if (request.headers["smithy-protocol"] === "rpc-v2-cbor") return { name: "cbor" };
  const json = /^application\/x-amz-json-(1\.[01])/.exec(type)?.[1];
  if (json && request.headers["x-amz-target"]) return { name: "json", version: json };
  const own = model?.protocol.split("#")[1];
  if (own === "restXml" || own === "restJson1")
    return { name: "rest", kind: own === "restXml" ? "xml" : "json" };
  if (own === "ec2Query") return { name: "query", ec2: true };
  if (
    own === "awsQuery" ||
    type.startsWith("application/x-www-form-urlencoded") ||
    request.query.has("Action")
  )
    return { name: "query", ec2: false };
  if (!model && type === "") return { name: "rest", kind: "xml" };
  return { name: "json", version: own === "awsJson1_1" ? "1.1" : "1.0" };
}
