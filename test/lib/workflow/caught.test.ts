import jsonata from "jsonata";
import { describe, expect, it } from "vitest";
import { caughtText } from "../../../lib/workflow/caught.ts";

describe("what was caught, as text", () => {
  it.each([
    ["a cause", { Error: "E", Cause: "the disk is full" }, "the d"],
    ["no cause", { Error: "E" }, "none"],
    ["the empty cause of a task's time-out", { Error: "States.Timeout", Cause: "" }, "none"],
    ["nothing at all", {}, "none"],
  ])("has a value for %s", async (_, errorOutput, text) => {
    const found = await jsonata(caughtText("Cause", "none", 5)).evaluate({}, { states: { errorOutput } });

    expect(found).toBe(text);
  });
});
