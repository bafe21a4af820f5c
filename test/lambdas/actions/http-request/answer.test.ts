import { describe, expect, it } from "vitest";
import { judged, unanswered } from "../../../../lambdas/actions/http-request/answer.ts";
import { httpRequest } from "../../../../lambdas/actions/http-request/spec.ts";

const answer = (status: number, body = "") => ({ status, body, milliseconds: 1 });
const nameOf = (act: () => void): string => {
  try {
    act();
  } catch (error) {
    return (error as Error).name;
  }
  return "accepted";
};

describe("an answer to a request that changes something", () => {
  it.each([
    [200, "", true, "accepted"],
    [429, "", false, "Throttled"],
    [503, "", false, "ServiceUnavailable"],
    [500, "", true, "ServiceUnavailable"],
    [500, "", false, "WorkFailed"],
    [404, "", true, "Refusal"],
  ])("%i is judged by whether the request may be sent again", (status, body, harmless, name) => {
    expect(nameOf(() => judged("PUT /", { status: 200 }, answer(status, body), harmless))).toBe(name);
  });

  it("with the right status and other members is no success", () => {
    const expected = { status: 200, json: { enabled: false } };

    expect(nameOf(() => judged("PUT /", expected, answer(200, '{"enabled":false}'), true))).toBe("accepted");
    expect(nameOf(() => judged("PUT /", expected, answer(200, '{"enabled":true}'), true))).toBe("WorkFailed");
    expect(nameOf(() => judged("PUT /", expected, answer(200, "OK"), true))).toBe("WorkFailed");
  });

  it("that never came may be asked for again only where that is harmless, or nothing was sent", () => {
    const reset = Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });

    expect(unanswered("POST /", reset, false).name).toBe("WorkFailed");
    expect(unanswered("POST /", reset, true).name).toBe("ServiceUnavailable");
    expect(unanswered("POST /", refused, false).name).toBe("ServiceUnavailable");
  });
});

describe("a plan's request", () => {
  const url = "https://flags.example/retry";
  const problems = (given: object) =>
    httpRequest.input.safeParse(given).error?.issues.map(({ path }) => path.join("."));

  it("that is not idempotent needs a way to see what it did", () => {
    expect(problems({ url, method: "POST", undo: "nothing" })).toEqual(["until"]);
    expect(problems({ url, method: "PUT", undo: "nothing" })).toBeUndefined();
    expect(problems({ url, method: "POST", undo: "nothing", idempotent: true })).toBeUndefined();
  });

  it("can be undone only where what was there before is known", () => {
    expect(problems({ url, method: "PUT", undo: { url } })).toEqual(["undo"]);
    expect(
      problems({ url, method: "PUT", undo: { url }, until: { url, json: { enabled: false } } }),
    ).toBeUndefined();
  });
});
