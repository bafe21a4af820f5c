import { afterAll, describe, expect, it } from "vitest";
import { compilePattern } from "../../sandbox/services/events/pattern/index.ts";
import { recorded } from "./recorded.ts";

interface Case {
  name: string;
  event: unknown;
  pattern: unknown;
  expected: "match" | "no match" | "error";
}

const cases = recorded<Case[]>("event-patterns.json");

describe.skipIf(!cases)("event patterns match as EventBridge matched them", () => {
  let passed = 0;
  afterAll(() => console.log(`event pattern conformance: ${passed} of ${cases?.length} recorded cases`));

  it.each((cases ?? []).map((each) => [each.name, each] as const))(
    "%s",
    (_, { event, pattern, expected }) => {
      let answer: string;
      try {
        answer = compilePattern(JSON.stringify(pattern))(event) ? "match" : "no match";
      } catch (error) {
        expect((error as Error).name).toBe("InvalidEventPatternException");
        answer = "error";
      }

      expect(answer).toBe(expected);
      passed += 1;
    },
  );
});
