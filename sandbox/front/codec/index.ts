import { cbor } from "@smithy/core/cbor";
import { type Service, ServiceException } from "../../service.ts";
import { fromTree, jsonStyle, type TreeStyle, toTree } from "./json.ts";
import { type ErrorModel, modelOf, type OperationModel, type ServiceModel } from "./model.ts";
import { fromQuery } from "./query.ts";
import { fromRest, matchRoute, type RestKind, toRest } from "./rest.ts";
import type { WireRequest, WireResponse } from "./wire.ts";
import { escapeXml, toXml } from "./xml.ts";

/** The wire protocol of one request; clients of one service may differ in it. */
type Protocol =
  | { name: "query"; ec2: boolean }
  | { name: "json"; version: string; queryCompatible: boolean }
  | { name: "cbor" }
  | { name: "rest"; kind: RestKind };

/** A request understood: which operation, its input, and how to answer in the caller's own protocol. */
export interface Decoded {
  operation: string;
  input: unknown;
  encode(output: unknown, requestId: string): WireResponse;
}

/** CBOR carries blobs and timestamps with types of its own. */
const cborStyle: TreeStyle = {
  blobIn: (value) => value as Uint8Array,
  blobOut: (value) => value,
  timeOut: (_, value) => value,
  timeIn: jsonStyle.timeIn,
};

/**
 * Reads a request for `service`. Throws {@link ServiceException} with a code the caller's SDK knows when it
 * names no operation or its body does not fit the schema.
 */
export async function decode(service: Service, request: WireRequest): Promise<Decoded> {
  const model = await modelOf(service);
  const protocol = protocolOf(model, request);
  try {
    return decodeAs(protocol, service, model, request);
  } catch (error) {
    if (error instanceof ServiceException) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new ServiceException(
      protocol.name === "query" ? "MalformedInput" : "SerializationException",
      message,
    );
  }
}

function decodeAs(protocol: Protocol, service: Service, model: ServiceModel, request: WireRequest): Decoded {
  if (protocol.name === "rest") {
    const matched = matchRoute(model, request);
    if (!matched) throw unknownOperation(service.name, `${request.method} ${request.path}`);
    const { operation, labels } = matched;
    return {
      operation: operation.name,
      input: fromRest(protocol.kind, operation, labels, request),
      encode: (output) => toRest(protocol.kind, model, operation, (output ?? {}) as Record<string, unknown>),
    };
  }
  if (protocol.name === "query") {
    const parameters = new URLSearchParams(request.query);
    for (const [key, value] of new URLSearchParams(request.body.toString())) parameters.set(key, value);
    const operation = operationOf(service, model, parameters.get("Action") ?? "");
    return {
      operation: operation.name,
      input: fromQuery(operation.input, parameters, protocol.ec2),
      encode: (output, requestId) => queryAnswer(model, operation, output, requestId, protocol.ec2),
    };
  }
  if (protocol.name === "cbor") {
    const operation = operationOf(service, model, request.path.split("/").at(-1) ?? "");
    const tree: unknown = request.body.length > 0 ? cbor.deserialize(request.body) : {};
    return {
      operation: operation.name,
      input: fromTree(operation.input, tree, cborStyle, false),
      encode: (output) => ({
        status: 200,
        headers: { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" },
        body: Buffer.from(cbor.serialize(toTree(operation.output, output ?? {}, cborStyle, false) ?? {})),
      }),
    };
  }
  const operation = operationOf(
    service,
    model,
    (request.headers["x-amz-target"] ?? "").split(".").at(-1) ?? "",
  );
  const text = request.body.toString();
  const tree: unknown = text === "" ? {} : JSON.parse(text);
  return {
    operation: operation.name,
    input: fromTree(operation.input, tree, jsonStyle, false),
    encode: (output) => {
      const unit = operation.output.isUnitSchema();
      const body = unit ? "" : JSON.stringify(toTree(operation.output, output ?? {}, jsonStyle, false));
      return {
        status: 200,
        headers: { "content-type": `application/x-amz-json-${protocol.version}` },
        body: Buffer.from(body),
      };
    },
  };
}

function operationOf(service: Service, model: ServiceModel, name: string): OperationModel {
  const found = model.operations.get(name);
  if (!found) throw unknownOperation(service.name, name);
  return found;
}

function unknownOperation(service: string, what: string): ServiceException {
  return new ServiceException("UnknownOperationException", `${service} has no operation for "${what}"`, {
    status: 404,
  });
}

function protocolOf(model: ServiceModel, request: WireRequest): Protocol {
  const type = request.headers["content-type"] ?? "";
  if (request.headers["smithy-protocol"] === "rpc-v2-cbor") return { name: "cbor" };
  const json = /^application\/x-amz-json-(1\.[01])/.exec(type);
  if (json && request.headers["x-amz-target"])
    return {
      name: "json",
      version: json[1]!,
      queryCompatible: request.headers["x-amzn-query-mode"] === "true",
    };
  const isQuery = type.startsWith("application/x-www-form-urlencoded") || request.query.has("Action");
  const rest = /#(restXml|restJson1)$/.exec(model.protocol);
  if (rest) return { name: "rest", kind: rest[1] === "restXml" ? "xml" : "json" };
  if (isQuery) return { name: "query", ec2: model.protocol.endsWith("#ec2Query") };
  if (model.protocol.endsWith("#ec2Query")) return { name: "query", ec2: true };
  if (model.protocol.endsWith("#awsQuery")) return { name: "query", ec2: false };
  return { name: "json", version: model.protocol.endsWith("1_1") ? "1.1" : "1.0", queryCompatible: false };
}

function queryAnswer(
  model: ServiceModel,
  operation: OperationModel,
  output: unknown,
  requestId: string,
  ec2: boolean,
): WireResponse {
  const inner = operation.output.isUnitSchema() ? "" : toXml(operation.output, output ?? {});
  const { name } = operation;
  const body = ec2
    ? `<${name}Response xmlns="${model.xmlNamespace}"><requestId>${requestId}</requestId>${inner}</${name}Response>`
    : `<${name}Response xmlns="${model.xmlNamespace}"><${name}Result>${inner}</${name}Result>` +
      `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${name}Response>`;
  return { status: 200, headers: { "content-type": "text/xml" }, body: Buffer.from(body) };
}

/** An error in the caller's protocol, with the wire code of its shape. */
export async function encodeError(
  service: Service | undefined,
  request: WireRequest,
  error: ServiceException,
  requestId: string,
): Promise<WireResponse> {
  const model = service ? await modelOf(service) : undefined;
  const protocol: Protocol = model
    ? protocolOf(model, request)
    : { name: "json", version: "1.0", queryCompatible: false };
  const shape = model?.errors.get(error.code);
  const status = error.status ?? shape?.status ?? 400;
  const fault = status >= 500 ? "Receiver" : "Sender";
  const headers: Record<string, string> = { "x-amzn-requestid": requestId };
  const members = errorMembers(shape, error);

  if (protocol.name === "query" || (protocol.name === "rest" && protocol.kind === "xml")) {
    const code = escapeXml(shape?.queryCode ?? error.code);
    const message = escapeXml(error.message);
    const inner = `<Code>${code}</Code><Message>${message}</Message>`;
    const s3 = service?.name === "s3";
    const ec2 = protocol.name === "query" && protocol.ec2;
    const body = s3
      ? `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${inner}${extra(error.members)}<RequestId>${requestId}</RequestId></Error>`
      : ec2
        ? `<Response><Errors><Error>${inner}</Error></Errors><RequestID>${requestId}</RequestID></Response>`
        : `<ErrorResponse xmlns="${model?.xmlNamespace ?? ""}"><Error><Type>${fault}</Type>${inner}${extra(error.members)}</Error>` +
          `<RequestId>${requestId}</RequestId></ErrorResponse>`;
    return { status, headers: { ...headers, "content-type": "text/xml" }, body: Buffer.from(body) };
  }
  const queryHeader: Record<string, string> =
    protocol.name !== "rest" && shape && shape.queryCode !== shape.name
      ? { "x-amzn-query-error": `${shape.queryCode};${fault}` }
      : {};
  if (protocol.name === "cbor") {
    const tree = { __type: `${model?.namespace}#${error.code}`, message: error.message, ...members };
    return {
      status,
      headers: {
        ...headers,
        ...queryHeader,
        "content-type": "application/cbor",
        "smithy-protocol": "rpc-v2-cbor",
      },
      body: Buffer.from(cbor.serialize(tree)),
    };
  }
  if (protocol.name === "rest") {
    const body = JSON.stringify({
      Type: status >= 500 ? "Server" : "User",
      message: error.message,
      Message: error.message,
      ...members,
    });
    return {
      status,
      headers: { ...headers, "content-type": "application/json", "x-amzn-errortype": error.code },
      body: Buffer.from(body),
    };
  }
  const type = protocol.version === "1.0" && model ? `${model.namespace}#${error.code}` : error.code;
  const body = JSON.stringify({ __type: type, message: error.message, Message: error.message, ...members });
  return {
    status,
    headers: { ...headers, ...queryHeader, "content-type": `application/x-amz-json-${protocol.version}` },
    body: Buffer.from(body),
  };
}

function errorMembers(shape: ErrorModel | undefined, error: ServiceException): Record<string, unknown> {
  if (Object.keys(error.members).length === 0) return {};
  return shape
    ? (toTree(shape.shape, error.members, jsonStyle, false) as Record<string, unknown>)
    : error.members;
}

/** Scalar members of an error, as XML elements. */
function extra(members: Record<string, unknown>): string {
  return Object.entries(members)
    .filter(([, value]) => ["string", "number"].includes(typeof value))
    .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
    .join("");
}
