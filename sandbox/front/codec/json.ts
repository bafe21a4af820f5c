import type { Shape } from "./model.ts";
import { TIMESTAMP, timestampIn, timestampOut } from "./timestamp.ts";

/** How blobs and timestamps look in a JSON-like tree: text JSON, or CBOR with its own types. */
export interface TreeStyle {
  blobIn(value: unknown): Uint8Array;
  blobOut(value: Uint8Array): unknown;
  timeOut(shape: Shape, value: Date): unknown;
  timeIn(value: unknown): Date;
}

/** Blobs as base64, timestamps as epoch seconds unless the shape says otherwise. */
export const jsonStyle: TreeStyle = {
  blobIn: (value) => Buffer.from(String(value), "base64"),
  blobOut: (value) => Buffer.from(value).toString("base64"),
  timeOut: (shape, value) => timestampOut(shape, value, TIMESTAMP.EPOCH_SECONDS),
  timeIn: timestampIn,
};

/** A tree from the wire → the SDK's shape. Unknown members are dropped, as AWS does; null means absent. */
export function fromTree(shape: Shape, value: unknown, style: TreeStyle, useJsonName: boolean): unknown {
  if (value === undefined || value === null) return undefined;
  if (shape.isDocumentSchema()) return value;
  if (shape.isStructSchema()) {
    if (typeof value !== "object" || Array.isArray(value))
      throw new TypeError(`${shape.getName()} must be an object`);
    const given = value as Record<string, unknown>;
    const result: Record<string, unknown> = {};
    for (const [name, member] of shape.structIterator()) {
      const wireName = useJsonName ? (member.getMergedTraits().jsonName ?? name) : name;
      const found = fromTree(member, given[wireName], style, useJsonName);
      if (found !== undefined) result[name] = found;
    }
    return result;
  }
  if (shape.isListSchema()) {
    if (!Array.isArray(value)) throw new TypeError(`${shape.getName() ?? "a list"} must be a list`);
    const item = shape.getValueSchema();
    return value.map((each) => (each === null ? null : fromTree(item, each, style, useJsonName)));
  }
  if (shape.isMapSchema()) {
    const item = shape.getValueSchema();
    const entries = Object.entries(value as object).map(([key, each]) => [
      key,
      fromTree(item, each, style, useJsonName),
    ]);
    return Object.fromEntries(entries);
  }
  if (shape.isBlobSchema()) return style.blobIn(value);
  if (shape.isTimestampSchema()) return style.timeIn(value);
  if (shape.isBooleanSchema()) {
    if (typeof value !== "boolean") throw new TypeError(`expected a boolean, not ${JSON.stringify(value)}`);
    return value;
  }
  if (shape.isNumericSchema()) {
    if (typeof value === "bigint") return Number(value);
    if (typeof value !== "number" && !["NaN", "Infinity", "-Infinity"].includes(String(value)))
      throw new TypeError(`expected a number, not ${JSON.stringify(value)}`);
    return Number(value);
  }
  if (shape.isStringSchema() && typeof value !== "string") {
    throw new TypeError(`expected a string, not ${JSON.stringify(value)}`);
  }
  return value;
}

/** The SDK's shape → a tree for the wire. */
export function toTree(shape: Shape, value: unknown, style: TreeStyle, useJsonName: boolean): unknown {
  if (value === undefined || value === null) return value;
  if (shape.isDocumentSchema()) return value;
  if (shape.isStructSchema()) {
    const result: Record<string, unknown> = {};
    for (const [name, member] of shape.structIterator()) {
      const found = toTree(member, (value as Record<string, unknown>)[name], style, useJsonName);
      if (found !== undefined)
        result[useJsonName ? (member.getMergedTraits().jsonName ?? name) : name] = found;
    }
    return result;
  }
  if (shape.isListSchema()) {
    const item = shape.getValueSchema();
    return (value as unknown[]).map((each) => toTree(item, each, style, useJsonName));
  }
  if (shape.isMapSchema()) {
    const item = shape.getValueSchema();
    return Object.fromEntries(
      Object.entries(value as object)
        .filter(([, each]) => each !== undefined)
        .map(([key, each]) => [key, toTree(item, each, style, useJsonName)]),
    );
  }
  if (value instanceof Date) return style.timeOut(shape, value);
  if (value instanceof Uint8Array) return style.blobOut(value);
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return value;
}
