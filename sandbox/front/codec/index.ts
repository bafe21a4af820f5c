import { cbor, tag } from "@smithy/core/cbor";
import { type Service, ServiceException } from "../../service.ts";
import { fromTree, jsonStyle, type TreeStyle, toTree } from "./json.ts";
import { modelOf, type OperationModel, type ServiceModel } from "./model.ts";
import { type Protocol, protocolOf } from "./protocol.ts";
import { fromQuery } from "./query.ts";
import { fromRest, toRest } from "./rest.ts";
import { matchRoute } from "./routes.ts";
import { timestampIn } from "./timestamp.ts";
import { mustBeComplete } from "./validate.ts";
import type { Decoded, WireRequest, WireResponse } from "./wire.ts";
import { toXml } from "./xml.ts";

/** CBOR carries blobs and timestamps with types of its own. */
const cborStyle: TreeStyle = {
  blobIn: (value) => value as Uint8Array,
  blobOut: (value) => value,
  // Tag 1 is an epoch time in seconds (RFC 8949, section 3.4.2).
  timeOut: (_, value) => tag({ tag: 1, value: value.getTime() / 1000 }),
  timeIn: (value) => timestampIn((value as { value?: unknown }).value ?? value),
};

/**
 * Reads a request for `service`. Throws {@link ServiceException} with a code the caller's SDK knows when it
 * names no operation or its body does not fit the schema.
 */
export async function decode(service: Service, request: WireRequest): Promise<Decoded> {
  const own = service.decode?.(request);
  if (own) return own;
  const model = await modelOf(service);
  const protocol = protocolOf(model, request);
  try {
    const decoded = decodeAs(protocol, service, model, request);
    // What the sandbox does not implement says so, whatever was sent.
    if (decoded.operation in service.operations)
      mustBeComplete(
        service.name,
        protocol,
        operationOf(service, model, decoded.operation).input,
        decoded.input,
      );
    return decoded;
  } catch (error) {
    if (error instanceof ServiceException) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new ServiceException(malformed(protocol), message);
  }
}

/** How services of a protocol call a request that cannot be read. */
function malformed(protocol: Protocol): string {
  if (protocol.name === "query") return "MalformedInput";
  return protocol.name === "rest" && protocol.kind === "xml" ? "MalformedXML" : "SerializationException";
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
