import fc from "fast-check";
import type { Shape } from "../../../sandbox/front/codec/model.ts";

/** How deep generated structures go; AWS's shapes nest without end (AttributeValue). */
const DEEPEST = 4;

/** Text for a place on the wire. `body` may be any text that all body formats can carry. */
const TEXT = {
  body: fc
    .string({
      unit: fc.constantFrom(..."abcXYZ019 _-.:/+=&<>\"'%?#*[]{}äß€", "😀", "\n", "\\"),
      minLength: 1,
      maxLength: 12,
    })
    // Parsers of XML are free to trim; AWS's own values have no blanks at their ends.
    .filter((text) => text.trim() === text),
  // A label of dots alone is a relative path to every HTTP client.
  head: fc
    .string({ unit: fc.constantFrom(..."abcXYZ019-._"), minLength: 1, maxLength: 12 })
    .filter((text) => !/^[.]+$/.test(text)),
};

/** Members that an SDK's own middleware reads, computes or rewrites on the way. */
const NOT_OURS =
  /^(Checksum\w*|ContentMD5|SSE\w*Key\w*|CopySourceSSE\w*|ContentLength|PreSignedUrl|SourceRegion|ExpiresString|MessageSystemAttributeNames|\$\w+)$/;
const FIXED: Record<string, string> = { Bucket: "a-bucket" };

/** Random values of a shape as the SDK's types have them; `undefined` where nothing can be generated. */
export function arbitraryOf(
  shape: Shape,
  depth = 0,
  place: keyof typeof TEXT = "body",
): fc.Arbitrary<unknown> | undefined {
  if (shape.isUnitSchema() || shape.isDocumentSchema() || shape.isStreaming()) return undefined;
  if (shape.isStructSchema()) return structure(shape, depth);
  if (shape.isListSchema() || shape.isMapSchema()) {
    if (depth >= DEEPEST) return undefined;
    const item = arbitraryOf(shape.getValueSchema(), depth + 1, place);
    if (!item) return undefined;
    // Header names have no case.
    const keys = TEXT[place].filter((key) => place === "body" || key === key.toLowerCase());
    if (shape.isListSchema()) return fc.array(item, { minLength: 1, maxLength: 3 });
    return fc.dictionary(keys, item, { minKeys: 1, maxKeys: 3 });
  }
  if (shape.isBooleanSchema()) return fc.boolean();
  if (shape.isNumericSchema()) return fc.integer({ min: 0, max: 1_000_000 });
  // Whole seconds: the formats of headers know no less.
  if (shape.isTimestampSchema())
    return fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => new Date(seconds * 1000));
  if (shape.isBlobSchema()) return fc.uint8Array({ minLength: 1, maxLength: 20 });
  if (shape.isStringSchema()) return TEXT[place];
  return undefined;
}

function structure(shape: Shape, depth: number): fc.Arbitrary<unknown> | undefined {
  if (depth > DEEPEST) return undefined;
  const model: Record<string, fc.Arbitrary<unknown>> = {};
  const always: string[] = [];
  for (const [name, member] of shape.structIterator()) {
    const traits = member.getMergedTraits();
    if (NOT_OURS.test(name) || traits.httpQueryParams) continue;
    if (traits.httpResponseCode) {
      model[name] = fc.constantFrom(200, 202);
      always.push(name);
      continue;
    }
    const inHead =
      traits.httpHeader || traits.httpLabel || traits.httpQuery || traits.httpPrefixHeaders !== undefined;
    const value = FIXED[name]
      ? fc.constant(FIXED[name])
      : arbitraryOf(member, depth + 1, inHead ? "head" : "body");
    if (!value) continue;
    model[name] = value;
    if (traits.httpLabel || traits.idempotencyToken || traits.httpPayload) always.push(name);
  }
  const names = Object.keys(model);
  if (names.length === 0) return undefined;
  if (shape.isUnionSchema())
    return fc.oneof(...names.map((name) => model[name]!.map((value) => ({ [name]: value }))));
  // Required members tell REST operations apart, so they are always there.
  const schema = shape.getSchema() as unknown as [
    number,
    string,
    string,
    unknown,
    string[],
    unknown[],
    number?,
  ];
  const required = schema[4].slice(0, schema[6] ?? 0).filter((name) => name in model);
  return fc
    .record(model, { requiredKeys: [...new Set([...always, ...required])] })
    .filter((value) => Object.keys(value).length > 0);
}

/** A value without what separates a Buffer from a Uint8Array, and without what the SDK added to it. */
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: [...value] };
  if (value instanceof Date || value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(plain);
  const entries = Object.entries(value).filter(([key, each]) => each !== undefined && !NOT_OURS.test(key));
  return Object.fromEntries(entries.map(([key, each]) => [key, plain(each)]));
}
