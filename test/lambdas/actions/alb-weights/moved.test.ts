import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inWords, moved, sameForward, weightsOf } from "../../../../lambdas/actions/alb-weights/actions.ts";

const arn = (name: string) =>
  `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${name}/0123456789abcdef`;
const forward = (weights: Record<string, number>) => [
  {
    Type: "forward" as const,
    ForwardConfig: {
      TargetGroups: Object.entries(weights).map(([name, Weight]) => ({ TargetGroupArn: arn(name), Weight })),
    },
  },
];

describe("traffic moved to one group", () => {
  it("is all of it, unless a share is given; the others keep their proportions", () => {
    expect(inWords(moved(forward({ blue: 0, green: 100 }), arn("blue"), 100))).toBe("blue 100, green 0");
    expect(inWords(moved(forward({ a: 0, b: 2, c: 1 }), arn("a"), 40))).toBe("a 40, b 40, c 20");
    expect(inWords(moved(forward({ a: 50, b: 0 }), arn("a"), 10))).toBe("a 100, b 0");
  });

  it("adds up to 100, and gives nothing to who had nothing", () => {
    const groups = fc.dictionary(fc.stringMatching(/^[b-z]{1,8}$/), fc.integer({ min: 0, max: 999 }));
    fc.assert(
      fc.property(groups, fc.integer({ min: 1, max: 100 }), (others, percent) => {
        const weights = weightsOf(moved(forward({ a: 7, ...others }), arn("a"), percent));
        expect(weights.reduce((sum, { Weight }) => sum + Weight, 0)).toBe(100);
        expect(weights[0]!.Weight).toBeGreaterThanOrEqual(percent);
        for (const [name, weight] of Object.entries(others))
          if (weight === 0)
            expect(weights.find(({ TargetGroupArn }) => TargetGroupArn === arn(name))!.Weight).toBe(0);
      }),
    );
  });

  it("is refused for a group that the rule does not know, and for a rule that does not forward", () => {
    expect(() => moved(forward({ blue: 1 }), arn("red"), 100)).toThrow(
      /does not forward to .*red.*knows .*blue/,
    );
    expect(() => moved([{ Type: "fixed-response" }], arn("red"), 100)).toThrow(/knows no target group/);
  });
});

describe("rules that forward alike", () => {
  it("may be written in two ways, and in any order", () => {
    const short = [{ Type: "forward" as const, TargetGroupArn: arn("blue") }];

    expect(sameForward(short, forward({ blue: 1 }))).toBe(true);
    expect(sameForward(forward({ blue: 1, green: 2 }), forward({ green: 2, blue: 1 }))).toBe(true);
    expect(sameForward(forward({ blue: 1, green: 2 }), forward({ blue: 2, green: 1 }))).toBe(false);
    expect(sameForward(short, [...short, { Type: "fixed-response" }])).toBe(false);
  });
});
