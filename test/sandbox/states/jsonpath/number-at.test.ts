import { describe, expect, it } from "vitest";
import { execute } from "../execute.ts";

const map = (limit: unknown) =>
  execute(
    {
      Map: {
        QueryLanguage: "JSONPath",
        Type: "Map",
        ItemsPath: "$.items",
        MaxConcurrencyPath: "$.limit",
        ItemProcessor: { StartAt: "Each", States: { Each: { Type: "Pass", End: true } } },
        End: true,
      },
    },
    { input: { items: [1, 2], limit } },
  );

describe("a number behind a path", () => {
  it("may be a text that spells it, and nothing else, as AWS was recorded", async () => {
    expect((await map("1")).output).toEqual([1, 2]);
    expect((await map("NoNumber")).cause).toBe(
      `An error occurred while executing the state 'Map' (entered at the event id #2). The MaxConcurrencyPath field refers to value "NoNumber" which is not a valid integer: $.limit`,
    );
  });
});
