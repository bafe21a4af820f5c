import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ERRORS,
  type ErrorName,
  refusal,
  retryable,
  translated,
  WatchdogError,
} from "../../../lambdas/runtime/errors.ts";

const aws = (name: string, more: object = {}, message = "said AWS") =>
  Object.assign(new Error(message), { name, ...more });
const nameOf = (error: unknown) => (translated(error) as Error).name;

describe("translated", () => {
  it.each([
    "ThrottlingException",
    "Throttling",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "PriorRequestNotComplete",
    "SlowDown",
    "ProvisionedThroughputExceededException",
  ])("%s is Throttled", (name) => expect(nameOf(aws(name))).toBe("Throttled"));

  it.each(["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"])(
    "%s is AccessDenied, and is never tried again",
    (name) => {
      const error = translated(aws(name, { $fault: "client" }));

      expect(error).toMatchObject({ name: "AccessDenied", cause: { name } });
      expect(retryable.reads).not.toContain("AccessDenied");
    },
  );

  it.each([
    ["a fault of the server", aws("Whatever", { $fault: "server" })],
    ["status 503", aws("Whatever", { $metadata: { httpStatusCode: 503 } })],
    ["a connection that broke", aws("Error", {}, "read ECONNRESET")],
    ["a connection that nobody took", aws("Error", {}, "connect ECONNREFUSED 127.0.0.1:443")],
    ["a call that took too long", aws("TimeoutError")],
  ])("%s is ServiceUnavailable", (_, error) => expect(nameOf(error)).toBe("ServiceUnavailable"));

  it("passes on what it does not know, 501 among it, so that a change is not made twice on a guess", () => {
    for (const error of [
      aws("InvalidParameterValue", { $fault: "client", $metadata: { httpStatusCode: 400 } }),
      aws("NotImplementedBySandbox", { $fault: "client", $metadata: { httpStatusCode: 501 } }),
      new TypeError("undefined is not a function"),
    ])
      expect(translated(error)).toBe(error);
    expect(translated("a string")).toBe("a string");
  });

  it("never renames an error of the table", () => {
    for (const name of Object.keys(ERRORS) as ErrorName[]) {
      const error = new WatchdogError(name, "AccessDenied ECONNRESET Throttling");
      expect(translated(error)).toBe(error);
    }
    expect(translated(refusal("no"))).toMatchObject({ name: "Refusal" });
  });

  it("gives a name of the table or the very same error, whatever it is given", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.constantFrom("client", "server", undefined),
        fc.option(fc.integer({ min: 100, max: 599 }), { nil: undefined }),
        (name, message, $fault, httpStatusCode) => {
          const error = aws(name, { $fault, $metadata: { httpStatusCode } }, message);
          const result = translated(error) as Error;
          return result === error || (result.name in ERRORS && result.cause === error);
        },
      ),
    );
  });
});

describe("the table", () => {
  it("retries nothing on a change that a person must look at, and every name it retries it holds", () => {
    for (const name of [...retryable.changes, ...retryable.reads]) {
      expect(ERRORS).toHaveProperty(name);
      expect(ERRORS[name as ErrorName].who).toBe("the engine");
    }
    expect(retryable.changes.toSorted()).toEqual(["ServiceUnavailable", "Throttled"]);
    expect(retryable.reads).toEqual(expect.arrayContaining(retryable.changes));
  });
});
