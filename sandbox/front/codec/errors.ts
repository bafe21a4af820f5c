import { cbor } from "@smithy/core/cbor";
import type { Service, ServiceException } from "../../service.ts";
import { jsonCode, queryCode } from "./common-errors.ts";
import { jsonStyle, toTree } from "./json.ts";
import { type ErrorModel, modelIfAny, type ServiceModel } from "./model.ts";
import { type Protocol, protocolOf } from "./protocol.ts";
import type { WireRequest, WireResponse } from "./wire.ts";
import { element, escapeXml } from "./xml.ts";

/** An error in the caller's protocol, with the wire code and status of its shape. */
export async function encodeError(
  service: Service | undefined,
  request: WireRequest,
  error: ServiceException,
  requestId: string,
): Promise<WireResponse> {
  const model = await modelIfAny(service);
  const protocol = protocolOf(model, request);
  const shape = model?.errors.get(error.code);
  const status = error.status ?? shape?.status ?? 400;
  if (protocol.name === "query" || (protocol.name === "rest" && protocol.kind === "xml"))
    return asXml(protocol, service, model, shape, error, status, requestId);
  return asTree(protocol, model, shape, error, status, requestId);
}

function asXml(
  protocol: Protocol,
  service: Service | undefined,
  model: ServiceModel | undefined,
  shape: ErrorModel | undefined,
  error: ServiceException,
  status: number,
  requestId: string,
): WireResponse {
  const code = shape?.queryCode ?? queryCode(error.code);
  const said = error.message === "" ? "" : `<Message>${escapeXml(error.message)}</Message>`;
  const inner = `<Code>${escapeXml(code)}</Code>${said}${xmlMembers(shape, error)}`;
  let body: string;
  if (service?.name === "s3")
    body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${inner}<RequestId>${requestId}</RequestId></Error>`;
  else if (protocol.name === "query" && protocol.ec2)
    body = `<Response><Errors><Error>${inner}</Error></Errors><RequestID>${requestId}</RequestID></Response>`;
  else {
    const type = status >= 500 ? "Receiver" : "Sender";
    body =
      `<ErrorResponse xmlns="${model?.xmlNamespace ?? ""}"><Error><Type>${type}</Type>${inner}</Error>` +
      `<RequestId>${requestId}</RequestId></ErrorResponse>`;
  }
  return {
    status,
    headers: { "x-amzn-requestid": requestId, "content-type": "text/xml" },
    body: Buffer.from(body),
  };
}

/** The shape's members by its schema; without a shape, what is text or a number. */
function xmlMembers(shape: ErrorModel | undefined, { members }: ServiceException): string {
  if (!shape)
    return Object.entries(members)
      .filter(([, value]) => typeof value === "string" || typeof value === "number")
      .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
      .join("");
  return [...shape.shape.structIterator()]
    .filter(([name]) => name.toLowerCase() !== "message")
    .map(([name, member]) => element(String(member.getMergedTraits().xmlName ?? name), member, members[name]))
    .join("");
}

function asTree(
  protocol: Protocol,
  model: ServiceModel | undefined,
  shape: ErrorModel | undefined,
  error: ServiceException,
  status: number,
  requestId: string,
): WireResponse {
  const code = shape?.name ?? jsonCode(error.code);
  const declared = new Set(shape ? [...shape.shape.structIterator()].map(([name]) => name) : []);
  const members = shape
    ? (toTree(shape.shape, error.members, jsonStyle, false) as Record<string, unknown>)
    : error.members;
  const name = declared.has("Message") ? "Message" : "message";
  const said = { ...members, ...(error.message === "" ? {} : { [name]: error.message }) };
  const headers: Record<string, string> = { "x-amzn-requestid": requestId };
  if (protocol.name === "rest") {
    const type = declared.has("Type") ? { Type: status >= 500 ? "Server" : "User" } : {};
    return {
      status,
      headers: { ...headers, "content-type": "application/json", "x-amzn-errortype": code },
      body: Buffer.from(JSON.stringify({ ...type, ...said })),
    };
  }
  // Services that once spoke query keep its codes for the clients that ask for them.
  if (model?.queryCompatible)
    headers["x-amzn-query-error"] =
      `${shape?.queryCode ?? queryCode(error.code)};${status >= 500 ? "Receiver" : "Sender"}`;
  if (protocol.name === "cbor")
    return {
      status,
      headers: { ...headers, "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" },
      body: Buffer.from(cbor.serialize({ __type: model ? `${model.namespace}#${code}` : code, ...said })),
    };
  const version = protocol.name === "json" ? protocol.version : "1.0";
  const type = version === "1.0" && model ? `${model.namespace}#${code}` : code;
  return {
    status,
    headers: { ...headers, "content-type": `application/x-amz-json-${version}` },
    body: Buffer.from(JSON.stringify({ __type: type, ...said })),
  };
}
