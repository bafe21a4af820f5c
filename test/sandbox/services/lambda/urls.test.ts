import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveName } from "../../../../sandbox/engines/dns.ts";
import { httpsRequest } from "../../https.ts";
import { type LambdaWorld, lambdaWorld } from "./fixture.ts";

const ECHO = `export const handler = async (event) => ({
  statusCode: 201,
  headers: { "content-type": "application/json", "x-own": "yes" },
  cookies: ["a=1"],
  body: JSON.stringify(event),
});`;

let lambda: LambdaWorld;

/** A function with a URL; `open`: with what CDK gives everybody to call it. */
async function withUrl(name: string, source: string, open = true): Promise<string> {
  await lambda.create(name, source);
  const { FunctionUrl } = await lambda.call<{ FunctionUrl: string }>("lambda", "CreateFunctionUrlConfig", {
    FunctionName: name,
    AuthType: "NONE",
  });
  if (!open) return FunctionUrl;
  const everybody = { FunctionName: name, Principal: "*" };
  await lambda.call("lambda", "AddPermission", {
    ...everybody,
    StatementId: "url",
    Action: "lambda:InvokeFunctionUrl",
    FunctionUrlAuthType: "NONE",
  });
  await lambda.call("lambda", "AddPermission", {
    ...everybody,
    StatementId: "function",
    Action: "lambda:InvokeFunction",
    InvokedViaFunctionUrl: true,
  });
  return FunctionUrl;
}

beforeAll(async () => {
  lambda = await lambdaWorld();
});
afterAll(() => lambda.stop());

describe("a function URL", () => {
  it("is a name of its own in the sandbox's DNS, and carries a request in format 2.0", async () => {
    const url = await withUrl("echo", ECHO);

    expect(url).toMatch(/^https:\/\/[a-z0-9]{32}\.lambda-url\.us-east-1\.on\.aws\/$/);
    expect(resolveName(lambda.world, new URL(url).hostname)[0]).toMatch(/^127\./);
    const answer = await httpsRequest(lambda.world, `${url}a/b?x=1&x=2&y=%C3%A4`, {
      headers: { cookie: "c=3; d=4", "user-agent": "a phone" },
    });
    expect(answer).toMatchObject({
      status: 201,
      headers: { "x-own": "yes", "content-type": "application/json" },
    });
    expect(answer.headers["set-cookie"]).toEqual(["a=1"]);
    expect(JSON.parse(answer.body)).toMatchObject({
      version: "2.0",
      routeKey: "$default",
      rawPath: "/a/b",
      rawQueryString: "x=1&x=2&y=%C3%A4",
      cookies: ["c=3", "d=4"],
      queryStringParameters: { x: "1,2", y: "ä" },
      requestContext: {
        accountId: "anonymous",
        domainName: new URL(url).hostname,
        http: { method: "GET", path: "/a/b", protocol: "HTTP/1.1", userAgent: "a phone" },
        stage: "$default",
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      },
      isBase64Encoded: false,
    });
  });

  it("hands a form over in base64, and JSON as it is", async () => {
    const url = await withUrl("forms", ECHO);

    const post = async (type: string, body: string) =>
      JSON.parse(
        (
          await httpsRequest(lambda.world, url, {
            method: "POST",
            headers: { "content-type": type },
            body,
          })
        ).body,
      ) as { body: string; isBase64Encoded: boolean };
    const form = await post("application/x-www-form-urlencoded", "decision=approve");
    expect(form.isBase64Encoded).toBe(true);
    expect(Buffer.from(form.body, "base64").toString()).toBe("decision=approve");
    expect(await post("application/json", '{"a":1}')).toMatchObject({
      body: '{"a":1}',
      isBase64Encoded: false,
    });
  });

  it("lets nobody in whom the function's policy does not name, and says so", async () => {
    const url = await withUrl("closed", ECHO, false);
    expect((await httpsRequest(lambda.world, url)).status).toBe(403);

    // Since October 2025 the permission on the URL alone is not enough.
    await lambda.call("lambda", "AddPermission", {
      FunctionName: "closed",
      Principal: "*",
      StatementId: "url",
      Action: "lambda:InvokeFunctionUrl",
      FunctionUrlAuthType: "NONE",
    });
    expect((await httpsRequest(lambda.world, url)).status).toBe(403);
  });

  it("answers 502 for a function that fails, 429 for one without concurrency", async () => {
    const url = await withUrl("fails", `export const handler = async () => { throw new Error("no"); };`);
    expect((await httpsRequest(lambda.world, url)).status).toBe(502);

    await lambda.call("lambda", "PutFunctionConcurrency", {
      FunctionName: "fails",
      ReservedConcurrentExecutions: 0,
    });
    expect((await httpsRequest(lambda.world, url)).status).toBe(429);
  });

  it("sends a JSON body under 200 when the answer is no HTTP response, and none at all to HEAD", async () => {
    const url = await withUrl("plain", `export const handler = async () => ({ fine: true });`);

    expect(await httpsRequest(lambda.world, url)).toMatchObject({ status: 200, body: '{"fine":true}' });
    expect(await httpsRequest(lambda.world, url, { method: "HEAD" })).toMatchObject({
      status: 200,
      body: "",
    });
  });

  it("is gone once it is deleted, and the same when made again", async () => {
    const url = await withUrl("again", ECHO);
    await lambda.call("lambda", "DeleteFunctionUrlConfig", { FunctionName: "again" });

    expect(resolveName(lambda.world, new URL(url).hostname)).toEqual([]);
    const { FunctionUrl } = await lambda.call<{ FunctionUrl: string }>("lambda", "CreateFunctionUrlConfig", {
      FunctionName: "again",
      AuthType: "NONE",
    });
    expect(FunctionUrl).toBe(url);
    const { FunctionUrlConfigs } = await lambda.call<{ FunctionUrlConfigs: object[] }>(
      "lambda",
      "ListFunctionUrlConfigs",
      { FunctionName: "again" },
    );
    expect(FunctionUrlConfigs).toMatchObject([{ FunctionUrl: url, AuthType: "NONE" }]);
  });
});
