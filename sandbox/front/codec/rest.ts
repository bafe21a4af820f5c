import { fromTree, jsonStyle, toTree } from "./json.ts";
import type { OperationModel, ServiceModel, Shape } from "./model.ts";
import { scalar } from "./query.ts";
import { TIMESTAMP } from "./timestamp.ts";
import type { WireRequest, WireResponse } from "./wire.ts";
import { element, fromXml, parseXml, scalarText, toXml } from "./xml.ts";

/** Whether bodies are XML (Route 53, S3) or JSON (Lambda). */
export type RestKind = "xml" | "json";

/** The input of a REST request: labels, query, headers and body, each where the schema puts it. */
export function fromRest(
  kind: RestKind,
  operation: OperationModel,
  labels: Record<string, string>,
  request: WireRequest,
): unknown {
  const input: Record<string, unknown> = {};
  let payload: [string, Shape] | undefined;
  let bodyMembers = false;
  for (const [name, member] of operation.input.structIterator()) {
    const traits = member.getMergedTraits();
    if (traits.httpLabel) input[name] = scalar(member, labels[name] ?? "");
    else if (traits.httpQuery) {
      const values = request.query.getAll(String(traits.httpQuery));
      if (values.length === 0) continue;
      input[name] = member.isListSchema()
        ? values.map((value) => scalar(member.getValueSchema(), value))
        : scalar(member, values[0]!);
    } else if (traits.httpHeader) {
      const text = request.headers[String(traits.httpHeader).toLowerCase()];
      if (text === undefined) continue;
      input[name] = member.isListSchema()
        ? text.split(",").map((part) => scalar(member.getValueSchema(), part.trim()))
        : scalar(member, text);
    } else if (traits.httpPrefixHeaders !== undefined) {
      const prefix = String(traits.httpPrefixHeaders).toLowerCase();
      const found = Object.entries(request.headers).filter(([key]) => key.startsWith(prefix));
      if (found.length > 0)
        input[name] = Object.fromEntries(found.map(([key, value]) => [key.slice(prefix.length), value]));
    } else if (traits.httpPayload) payload = [name, member];
    else if (!traits.httpQueryParams) bodyMembers = true;
  }
  if (payload) {
    const [name, member] = payload;
    if (member.isBlobSchema()) input[name] = request.body;
    else if (member.isStringSchema()) input[name] = request.body.toString();
    else if (request.body.length > 0) input[name] = readBody(kind, member, request.body);
  } else if (bodyMembers && request.body.length > 0) {
    const body = readBody(kind, operation.input, request.body) as Record<string, unknown>;
    for (const [key, value] of Object.entries(body)) input[key] ??= value;
  }
  return input;
}

function readBody(kind: RestKind, shape: Shape, body: Buffer): unknown {
  return kind === "xml"
    ? fromXml(shape, parseXml(body.toString()))
    : fromTree(shape, JSON.parse(body.toString()), jsonStyle, true);
}

/** The answer of a REST operation. */
export function toRest(
  kind: RestKind,
  model: ServiceModel,
  operation: OperationModel,
  output: Record<string, unknown>,
): WireResponse {
  const headers: Record<string, string> = {};
  let status = operation.http![2];
  let payload: [string, Shape] | undefined;
  for (const [name, member] of operation.output.structIterator()) {
    const traits = member.getMergedTraits();
    const value = output[name];
    if (traits.httpPayload) payload = [name, member];
    if (value === undefined || value === null) continue;
    if (traits.httpResponseCode) status = Number(value);
    else if (traits.httpHeader) headers[String(traits.httpHeader).toLowerCase()] = headerText(member, value);
    else if (traits.httpPrefixHeaders !== undefined)
      for (const [key, each] of Object.entries(value as object))
        headers[`${traits.httpPrefixHeaders}${key}`.toLowerCase()] = String(each);
  }
  // No trait says so: an answer with part of the content is HTTP's 206.
  if (headers["content-range"]) status = 206;
  const contentType = kind === "xml" ? "application/xml" : "application/json";
  if (payload) {
    const [name, member] = payload;
    const value = output[name];
    if (value === undefined) return { status, headers, body: Buffer.alloc(0) };
    if (member.isBlobSchema())
      return {
        status,
        headers: { "content-type": "application/octet-stream", ...headers },
        body: Buffer.from(value as Uint8Array),
      };
    if (member.isStringSchema())
      return {
        status,
        headers: { "content-type": "text/plain", ...headers },
        body: Buffer.from(String(value)),
      };
    const text =
      kind === "xml"
        ? element(String(member.getMergedTraits().xmlName ?? member.getName() ?? name), member, value)
        : JSON.stringify(toTree(member, value, jsonStyle, true));
    return { status, headers: { "content-type": contentType, ...headers }, body: Buffer.from(text) };
  }
  const inHead = (member: Shape) => {
    const traits = member.getMergedTraits();
    return Boolean(traits.httpHeader || traits.httpResponseCode || traits.httpPrefixHeaders !== undefined);
  };
  const members = [...operation.output.structIterator()].filter(([, member]) => !inHead(member));
  if (members.length === 0 || status === 204) return { status, headers, body: Buffer.alloc(0) };
  if (kind === "xml") {
    const root = String(
      operation.output.getMergedTraits().xmlName ?? operation.output.getName() ?? `${operation.name}Response`,
    );
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${model.xmlNamespace}">${toXml(operation.output, output, inHead)}</${root}>`;
    return { status, headers: { "content-type": contentType, ...headers }, body: Buffer.from(body) };
  }
  const tree: Record<string, unknown> = {};
  for (const [name, member] of members) {
    const found = toTree(member, output[name], jsonStyle, true);
    if (found !== undefined) tree[String(member.getMergedTraits().jsonName ?? name)] = found;
  }
  return {
    status,
    headers: { "content-type": contentType, ...headers },
    body: Buffer.from(JSON.stringify(tree)),
  };
}

function headerText(member: Shape, value: unknown): string {
  if (Array.isArray(value)) return value.map((each) => scalarText(member.getValueSchema(), each)).join(", ");
  return scalarText(member, value, TIMESTAMP.HTTP_DATE);
}
