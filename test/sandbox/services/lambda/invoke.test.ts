import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LambdaWorld, lambdaWorld, until } from "./fixture.ts";

let here: LambdaWorld;
beforeAll(async () => {
  here = await lambdaWorld();
});
afterAll(() => here.stop());

describe("Invoke", () => {
  it("answers what the handler returns, with Lambda's context", async () => {
    await here.create(
      "echo",
      `export const handler = async (event, context) => ({
        event, arn: context.invokedFunctionArn, name: context.functionName, left: context.getRemainingTimeInMillis(),
        id: context.awsRequestId, region: process.env.AWS_REGION, own: process.env.OWN, key: process.env.AWS_ACCESS_KEY_ID,
        other: process.env.HOME, at: Date.now(), date: new Date().getTime(), typed: new Date() instanceof Date,
      });`,
      { Environment: { Variables: { OWN: "mine" } } },
    );

    const { payload, FunctionError } = await here.invoke("echo", { a: 1 });

    expect(FunctionError).toBeUndefined();
    expect(payload).toMatchObject({
      event: { a: 1 },
      arn: "arn:aws:lambda:us-east-1:123456789012:function:echo",
      name: "echo",
      region: "us-east-1",
      own: "mine",
      key: expect.stringMatching(/^ASIA/),
      typed: true,
    });
    const { at, date, left, other } = payload as Record<string, number>;
    expect(other).toBeUndefined();
    expect(left).toBeGreaterThan(25_000);
    expect(left).toBeLessThanOrEqual(30_000);
    expect(Math.abs(here.world.clock.now() - at!)).toBeLessThan(120_000);
    expect(date! - at!).toBeLessThan(5000);
  });

  it("uses a warm process again, one invocation at a time each", async () => {
    await here.create(
      "warm",
      `let count = 0; export const handler = async (event) => {
        count += 1; await new Promise((done) => setTimeout(done, event.wait)); return { count, pid: process.pid }; };`,
    );

    const first = (await here.invoke("warm", { wait: 0 })).payload as { pid: number };
    const second = (await here.invoke("warm", { wait: 0 })).payload as { pid: number };
    const together = await Promise.all([
      here.invoke("warm", { wait: 300 }),
      here.invoke("warm", { wait: 300 }),
    ]);

    expect(second).toEqual({ count: 2, pid: first.pid });
    expect(new Set(together.map(({ payload }) => (payload as { pid: number }).pid)).size).toBe(2);
  });

  it("answers a handler's error as type, message and trace", async () => {
    await here.create(
      "thrower",
      `class Refusal extends Error { constructor(m) { super(m); this.name = "Refusal"; } }
      export const handler = async () => { throw new Refusal("not today"); };`,
    );

    const { payload, FunctionError, StatusCode } = await here.invoke("thrower");

    expect(StatusCode).toBe(200);
    expect(FunctionError).toBe("Unhandled");
    expect(payload).toMatchObject({ errorType: "Refusal", errorMessage: "not today" });
    expect((payload as { trace: string[] }).trace[0]).toBe("Refusal: not today");
  });

  it("ends a function that runs too long, and the next invocation starts afresh", async () => {
    await here.create(
      "slow",
      `export const handler = async (event) => { if (event.hang) await new Promise(() => setInterval(() => {}, 1000)); return "ok"; };`,
      { Timeout: 3 },
    );

    const late = await here.invoke("slow", { hang: true });
    const next = await here.invoke("slow");

    expect(late.payload).toEqual({
      errorType: "Sandbox.Timedout",
      errorMessage: expect.stringMatching(
        /^RequestId: [0-9a-f-]{36} Error: Task timed out after 3\.00 seconds$/,
      ),
    });
    expect(next.payload).toBe("ok");
  });

  it("ends a function that blocks its thread", async () => {
    await here.create("busy", `export const handler = async () => { for (;;); };`, { Timeout: 2 });

    const { payload } = await here.invoke("busy");

    expect(payload).toMatchObject({ errorType: "Sandbox.Timedout" });
  });

  it("reports a process that exits without an answer", async () => {
    await here.create("exits", `export const handler = async () => { process.exit(7); };`);

    const { payload, FunctionError } = await here.invoke("exits");

    expect(FunctionError).toBe("Unhandled");
    expect(payload).toMatchObject({
      errorType: "Runtime.ExitError",
      errorMessage: expect.stringContaining("Error: Runtime exited with error: exit status 7"),
    });
  });

  it("names an unhandled rejection outside the handler", async () => {
    await here.create(
      "rejects",
      `export const handler = () => new Promise(() => { Promise.reject(new Error("lost")); });`,
    );

    expect((await here.invoke("rejects")).payload).toMatchObject({
      errorType: "Runtime.UnhandledPromiseRejection",
      errorMessage: "Error: lost",
    });
  });

  it("names code that cannot be loaded", async () => {
    await here.create("nowhere", "export const handler = 1;", { Handler: "other.handler" });
    await here.create("unnamed", "export const other = async () => 1;");
    await here.create("broken", "export const handler = async () => {{ ;");

    expect((await here.invoke("nowhere")).payload).toMatchObject({ errorType: "Runtime.ImportModuleError" });
    expect((await here.invoke("unnamed")).payload).toMatchObject({ errorType: "Runtime.HandlerNotFound" });
    expect((await here.invoke("broken")).payload).toMatchObject({ errorType: "Runtime.UserCodeSyntaxError" });
  });

  it("runs CommonJS bundles too", async () => {
    await here.create("common", `exports.handler = async () => require("node:path").sep;`, {}, "index.js");

    expect((await here.invoke("common")).payload).toBe("/");
  });

  it("refuses what is no JSON, what is too large, and a function that does not exist", async () => {
    await here.create("limits", "export const handler = async () => 1;");

    await expect(
      here.call("lambda", "Invoke", { FunctionName: "limits", Payload: Buffer.from("{") }),
    ).rejects.toMatchObject({ code: "InvalidRequestContentException" });
    await expect(here.invoke("limits", "x".repeat(6_300_000))).rejects.toMatchObject({
      code: "RequestTooLargeException",
      status: 413,
    });
    await expect(
      here.invoke("limits", "x".repeat(1_100_000), { InvocationType: "Event" }),
    ).rejects.toMatchObject({ code: "RequestTooLargeException" });
    await expect(here.invoke("missing")).rejects.toMatchObject({
      code: "ResourceNotFoundException",
      message: "Function not found: arn:aws:lambda:us-east-1:123456789012:function:missing",
    });
  });

  it("writes START, the function's lines, END and REPORT to its log group, and the tail to the caller", async () => {
    await here.create(
      "talker",
      `export const handler = async () => { console.log("hello", { a: 1 }); console.error("two\\nlines"); process.stdout.write("raw\\n"); };`,
    );

    const { LogResult } = await here.invoke("talker", {}, { LogType: "Tail" });
    const tail = Buffer.from(LogResult!, "base64").toString();
    const messages = await until(async () => {
      const found = await here
        .call<{ events: { message: string }[] }>("logs", "FilterLogEvents", {
          logGroupName: "/aws/lambda/talker",
        })
        .catch(() => undefined);
      const lines = found?.events.map((event) => event.message);
      return lines?.some((line) => line.startsWith("REPORT")) ? lines : undefined;
    });

    expect(tail).toContain("hello { a: 1 }");
    const kinds = messages.map(
      (line) =>
        /^(INIT_START|START|END|REPORT)/.exec(line)?.[1] ??
        line
          .split("\t")
          .slice(2)
          .join(" ")
          .concat(line.includes("\t") ? "" : line),
    );
    expect(kinds).toEqual([
      "INIT_START",
      "START",
      "INFO hello { a: 1 }",
      "ERROR two\rlines",
      "raw",
      "END",
      "REPORT",
    ]);
  });

  it("calls AWS with its role's credentials, and only what the role allows", async () => {
    await here.create(
      "caller",
      `import { request } from "node:http"; export const handler = async () => process.env.AWS_ENDPOINT_URL;`,
    );
    expect((await here.invoke("caller")).payload).toBe(here.world.endpoint);
    await here.create("target", "export const handler = async () => 1;");

    const role = {
      type: "role",
      roleArn: "arn:aws:iam::123456789012:role/runner",
      sessionName: "x",
    } as const;
    await expect(here.call("lambda", "Invoke", { FunctionName: "target" }, role)).rejects.toMatchObject({
      code: "AccessDeniedException",
      message: expect.stringContaining(
        "is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:123456789012:function:target",
      ),
    });
  });
});
