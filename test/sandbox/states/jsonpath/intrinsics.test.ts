import { describe, expect, it } from "vitest";
import { callIntrinsic } from "../../../../sandbox/states/jsonpath/intrinsics.ts";

const data: Record<string, unknown> = {
  "$.half": 1.5,
  "$.minus": -0.5,
  "$.blank": "",
  "$.object": { Arg1: 1, Arg2: ["a", null] },
};
const call = (source: string) => callIntrinsic(source, (path) => data[path]);

describe("intrinsic functions, as AWS was recorded", () => {
  it.each([
    ["States.MathAdd($.half, 1.51)", 4],
    ["States.MathAdd(-1.5, -1.51)", -3],
    ["States.MathAdd($.minus, 0)", 0],
    ["States.StringToJson($.blank)", null],
    ["States.StringToJson('[1]')", [1]],
    ["States.Format('{} and {}', $.object, $.half)", "{Arg1=1, Arg2=[a, null]} and 1.5"],
  ])("%s", (source, value) => {
    expect(call(source)).toEqual(value);
  });
});
