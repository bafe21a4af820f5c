import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePattern } from "../../../../sandbox/services/events/pattern/index.ts";

const matches = (pattern: object, event: unknown) => compilePattern(JSON.stringify(pattern))(event);
const name = fc.constantFrom("a", "b", "c", "detail");
const scalar = fc.oneof(fc.string(), fc.integer({ min: -1e6, max: 1e6 }), fc.boolean(), fc.constant(null));
const event = fc.letrec<{ object: object; value: unknown }>((tie) => ({
  object: fc.dictionary(name, tie("value"), { minKeys: 1, maxKeys: 3 }),
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(scalar, { minLength: 1, maxLength: 3 }), tie("object")),
})).object;

/** The pattern that asks for exactly what an event has. */
function patternOf(value: unknown): unknown {
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null) return [value];
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, patternOf(each)]));
}

describe("event patterns", () => {
  it("an event matches the pattern made of itself, and one more alternative changes nothing", () => {
    fc.assert(
      fc.property(event, (each) => {
        const pattern = patternOf(each) as object;
        expect(matches(pattern, each)).toBe(true);
        expect(matches({ $or: [pattern, { nowhere: [{ exists: true }] }] }, each)).toBe(true);
      }),
    );
  });

  it("a field that the event lacks is only matched by its absence", () => {
    fc.assert(
      fc.property(event, (each) => {
        const pattern = patternOf(each) as object;
        expect(matches({ ...pattern, missing: [{ exists: false }] }, each)).toBe(true);
        expect(matches({ ...pattern, missing: [{ "anything-but": "x" }] }, each)).toBe(false);
        expect(matches({ ...pattern, missing: ["x"] }, each)).toBe(false);
      }),
    );
  });

  it("anything-but is the opposite of equality for a field that is there", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (wanted, found) => {
        expect(matches({ a: [{ "anything-but": wanted }] }, { a: found })).toBe(
          !matches({ a: [wanted] }, { a: found }),
        );
      }),
    );
  });

  it("wildcards match like prefix and suffix", () => {
    const text = fc.stringMatching(/^[a-z]{1,5}$/);
    fc.assert(
      fc.property(text, text, text, (start, middle, end) => {
        const found = { a: start + middle + end };
        expect(matches({ a: [{ wildcard: `${start}*` }] }, found)).toBe(true);
        expect(matches({ a: [{ wildcard: `*${end}` }] }, found)).toBe(true);
        expect(matches({ a: [{ wildcard: `${start}*${end}` }] }, found)).toBe(true);
        expect(matches({ a: [{ prefix: start }] }, found)).toBe(true);
        expect(matches({ a: [{ suffix: end }] }, found)).toBe(true);
      }),
    );
  });

  it("a numeric range holds exactly its numbers", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.integer(), (low, high, found) => {
        fc.pre(low < high && Math.abs(low) < 5e9 && Math.abs(high) < 5e9);
        const inside = matches({ a: [{ numeric: [">", low, "<=", high] }] }, { a: found });
        expect(inside).toBe(found > low && found <= high);
      }),
    );
  });

  it("dots join names, in the pattern and in the event", () => {
    for (const pattern of [{ "a.b": ["x"] }, { a: { b: ["x"] } }])
      for (const found of [{ "a.b": "x" }, { a: { b: "x" } }]) expect(matches(pattern, found)).toBe(true);
  });

  it.each([
    [{ a: "x" }, '"a" must be an object or an array'],
    [{ a: [] }, "Empty arrays are not allowed"],
    [{ a: {} }, "Empty objects are not allowed"],
    [{ a: [{ EXISTS: true }] }, "Unrecognized match type EXISTS"],
    [{ a: [{ prefix: 1 }] }, "prefix match pattern must be a string"],
    [{ a: [{ cidr: "10.0.0.0" }] }, "Malformed CIDR, one '/' required"],
    [{ a: [{ numeric: [">", 0, "<"] }] }, "Value of < must be numeric"],
    [{ a: [{ "anything-but": { prefix: "" } }] }, "Null prefix/suffix not allowed"],
    [{ a: [{ wildcard: "a**" }] }, "Consecutive wildcard characters at pos 2"],
  ])("%j is refused in EventBridge's words", (pattern, reason) => {
    expect(() => compilePattern(JSON.stringify(pattern))).toThrow(
      `Event pattern is not valid. Reason: ${reason}`,
    );
  });

  /** Places as EventBridge named them. */
  it.each([
    ['{"string": "my-value"}', 13],
    ['{"int": 42}', 11],
    ['{"resources": []}', 17],
    ['{"my_key": [{"EXISTS": true}]}', 28],
    ['{"time": [{"prefix": ["2022-07-13"]}]}', 23],
    ['{"key":[{"suffix":"value","prefix":"value2"}]}', 37],
    ['{"key":[{"numeric":["operator"]}]}', 32],
    ['{"key":[{"numeric":[">",20,"test"]}]}', 34],
    ['{"key":[{"numeric":[">",3,"<",1]}]}', 33],
    ['{"detail": {"state": [{"anything-but": {"equals-ignore-case": 123}}]}}', 66],
  ])("%s is refused at column %i", (pattern, column) => {
    const place = `\n at [Source: (String)"${pattern}"; line: 1, column: ${column}]`;
    expect(() => compilePattern(pattern)).toThrow(place);
  });

  it("a mistake in a list inside anything-but names its place twice, one of a CIDR none", () => {
    const list = '{"detail": {"state": [{"anything-but": ["stopped", null]}]}}';
    const place = `\n at [Source: (String)"${list}"; line: 1, column: 56]`;

    expect(() => compilePattern(list)).toThrow(place + place);
    expect(() => compilePattern('{"ip": [{"cidr": "10.0.0.0"}]}')).toThrow(/one '\/' required$/);
  });

  it("a filter policy of SNS knows no suffix inside anything-but", () => {
    const policy = '{"key":[{"anything-but":{"suffix":"test"}}]}';

    expect(compilePattern(policy)({ key: "a" })).toBe(true);
    expect(() => compilePattern(policy, "sns")).toThrow(
      /Unsupported anything-but pattern: suffix.*\n? at .*36]$/s,
    );
  });
});
