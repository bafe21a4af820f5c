import { describe, expect, it } from "vitest";
import { readQuery } from "../../../../sandbox/services/logs/insights.ts";

describe("a Logs Insights query", () => {
  it.each([
    ["filter @message like /ERR|WARN/ | stats count(*) as n", "a WARN", "fine"],
    ['filter @message like "a|b" | stats count(*) as n', "x a|b", "a"],
    ["filter @message not like /INFO/ | stats count(*) as n", "ERROR", "INFO"],
    ["filter @message like /\\/admin\\// | stats count(*) as n", "GET /admin/x", "GET /other"],
  ])("%s takes %j and leaves %j", (text, taken, left) => {
    const query = readQuery(text);

    expect([query.takes(taken), query.takes(left)]).toEqual([true, false]);
  });

  it("counts what it took, and has no row of nothing", () => {
    expect(readQuery("stats count(*) as lines").rows(3)).toEqual([[{ field: "lines", value: "3" }]]);
    expect(readQuery("stats count(*)").rows(0)).toEqual([]);
  });

  it.each([
    "fields @timestamp, @message",
    "filter level = 'ERROR' | stats count(*) as n",
    "filter @message like /a/ or @message like /b/ | stats count(*) as n",
    "stats avg(duration)",
    "stats count(*) by bin(5m)",
    "",
  ])("is refused, not guessed, when it asks for more: %j", (text) => {
    expect(() => readQuery(text)).toThrow(/not implemented by the sandbox/);
  });
});
