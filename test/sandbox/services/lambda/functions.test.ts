import { crc32, deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { admin, type LambdaWorld, lambdaWorld } from "./fixture.ts";

let here: LambdaWorld;
beforeAll(async () => {
  here = await lambdaWorld();
});
afterAll(() => here.stop());

const VERSION = `export const handler = async () => ({ version: process.env.AWS_LAMBDA_FUNCTION_VERSION, stage: process.env.STAGE });`;
const arn = (rest: string) => `arn:aws:lambda:us-east-1:123456789012:function:${rest}`;

describe("versions and aliases", () => {
  it("a published version keeps its code and configuration when the function changes", async () => {
    await here.create("shop", VERSION, { Environment: { Variables: { STAGE: "one" } } });
    const first = await here.call<{ Version: string; FunctionArn: string }>("lambda", "PublishVersion", {
      FunctionName: "shop",
    });
    const again = await here.call<{ Version: string }>("lambda", "PublishVersion", { FunctionName: "shop" });

    await here.call("lambda", "UpdateFunctionConfiguration", {
      FunctionName: "shop",
      Environment: { Variables: { STAGE: "two" } },
    });
    await here.active("shop");

    expect(first).toMatchObject({ Version: "1", FunctionArn: arn("shop:1") });
    expect(again.Version).toBe("1");
    expect((await here.invoke("shop")).payload).toEqual({ version: "$LATEST", stage: "two" });
    expect((await here.invoke(arn("shop:1"))).payload).toEqual({ version: "1", stage: "one" });
  });

  it("an alias leads to its version, with a weight to another one too", async () => {
    await here.create("split", VERSION, { Environment: { Variables: { STAGE: "a" } } });
    await here.call("lambda", "PublishVersion", { FunctionName: "split" });
    await here.call("lambda", "UpdateFunctionConfiguration", {
      FunctionName: "split",
      Environment: { Variables: { STAGE: "b" } },
    });
    await here.active("split");
    await here.call("lambda", "PublishVersion", { FunctionName: "split" });
    await here.call("lambda", "CreateAlias", { FunctionName: "split", Name: "live", FunctionVersion: "1" });
    const alone = await here.invoke("split", {}, { Qualifier: "live" });

    await here.call("lambda", "UpdateAlias", {
      FunctionName: "split",
      Name: "live",
      RoutingConfig: { AdditionalVersionWeights: { 2: 0.5 } },
    });
    const seen = new Set<string | undefined>();
    for (let count = 0; count < 60 && seen.size < 2; count++)
      seen.add((await here.invoke("split:live")).ExecutedVersion);

    expect(alone.ExecutedVersion).toBe("1");
    expect(seen).toEqual(new Set(["1", "2"]));
    await expect(
      here.call("lambda", "UpdateAlias", { FunctionName: "split", Name: "live", FunctionVersion: "9" }),
    ).rejects.toMatchObject({ code: "ResourceNotFoundException" });
    await expect(
      here.call("lambda", "DeleteFunction", { FunctionName: "split", Qualifier: "2" }),
    ).rejects.toMatchObject({ code: "ResourceConflictException" });
  });

  it("refuses a change on an old revision", async () => {
    await here.create("guarded", VERSION);
    await expect(
      here.call("lambda", "UpdateFunctionConfiguration", {
        FunctionName: "guarded",
        Timeout: 5,
        RevisionId: "00000000-0000-0000-0000-000000000000",
      }),
    ).rejects.toMatchObject({ code: "PreconditionFailedException", status: 412 });
  });

  it("takes a zip file as real clients send it", async () => {
    const zip = zipOf({
      "lib/part.mjs": "export const word = 'zipped';",
      "index.mjs": "import { word } from './lib/part.mjs'; export const handler = async () => word;",
    });

    await here.create("zipped", "", { Code: { ZipFile: zip } });

    expect((await here.invoke("zipped")).payload).toBe("zipped");
    await expect(
      here.create("broken", "", { Code: { ZipFile: Buffer.from("no zip") } }),
    ).rejects.toMatchObject({ code: "InvalidParameterValueException" });
  });

  it("refuses a role that Lambda cannot assume, other runtimes and reserved variables", async () => {
    const create = (more: object) => here.create("refused", VERSION, more as Record<string, unknown>);
    await expect(create({ Role: "arn:aws:iam::123456789012:role/nobody" })).rejects.toThrow(
      "The role defined for the function cannot be assumed by Lambda.",
    );
    await expect(create({ Runtime: "python3.13" })).rejects.toThrow(/Node\.js functions only/);
    await expect(create({ Environment: { Variables: { AWS_REGION: "x" } } })).rejects.toThrow(
      /Reserved keys used in this request: AWS_REGION/,
    );
  });
});

describe("permissions", () => {
  const rule = {
    type: "service",
    service: "events.amazonaws.com",
    sourceArn: "arn:aws:events:us-east-1:123456789012:rule/alarm",
  } as const;

  it("let a service invoke from the named source only", async () => {
    await here.create("woken", VERSION);
    const asRule = (principal: object) =>
      here.call("lambda", "Invoke", { FunctionName: "woken", InvocationType: "DryRun" }, principal as never);
    await expect(asRule(rule)).rejects.toMatchObject({ code: "AccessDeniedException" });

    await here.call("lambda", "AddPermission", {
      FunctionName: "woken",
      StatementId: "rule",
      Action: "lambda:InvokeFunction",
      Principal: "events.amazonaws.com",
      SourceArn: rule.sourceArn,
    });

    expect(await asRule(rule)).toMatchObject({ StatusCode: 204 });
    await expect(asRule({ ...rule, sourceArn: `${rule.sourceArn}2` })).rejects.toMatchObject({
      code: "AccessDeniedException",
    });
    const { Policy } = await here.call<{ Policy: string }>("lambda", "GetPolicy", { FunctionName: "woken" });
    expect(JSON.parse(Policy).Statement).toEqual([
      {
        Sid: "rule",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "lambda:InvokeFunction",
        Resource: arn("woken"),
        Condition: { ArnLike: { "AWS:SourceArn": rule.sourceArn } },
      },
    ]);
    await here.call("lambda", "RemovePermission", { FunctionName: "woken", StatementId: "rule" });
    await expect(asRule(rule)).rejects.toMatchObject({ code: "AccessDeniedException" });
  });
});

describe("concurrency", () => {
  it("reserved at zero refuses every invocation", async () => {
    await here.create("stopped", VERSION);
    await here.call(
      "lambda",
      "PutFunctionConcurrency",
      { FunctionName: "stopped", ReservedConcurrentExecutions: 0 },
      admin,
    );

    await expect(here.invoke("stopped")).rejects.toMatchObject({
      code: "TooManyRequestsException",
      status: 429,
      members: { Reason: "ReservedFunctionConcurrentInvocationLimitExceeded" },
    });
    await here.call("lambda", "DeleteFunctionConcurrency", { FunctionName: "stopped" });
    expect((await here.invoke("stopped")).StatusCode).toBe(200);
  });
});

/** A zip archive with deflated entries (APPNOTE 6.3). */
function zipOf(files: Record<string, string>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [content, title] = [Buffer.from(text), Buffer.from(name)];
    const packed = deflateRawSync(content);
    const common = Buffer.alloc(26);
    for (const [at, value] of [
      [0, 20],
      [4, 8],
      [22, title.length],
    ] as const)
      common.writeUInt16LE(value, at);
    for (const [at, value] of [
      [10, crc32(content)],
      [14, packed.length],
      [18, content.length],
    ] as const)
      common.writeUInt32LE(value, at);
    parts.push(Buffer.from("PK\x03\x04"), common, title, packed);
    const central = Buffer.alloc(14);
    central.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\x00"), common, central, title);
    offset += 30 + title.length + packed.length;
  }
  const end = Buffer.alloc(18);
  const listed = Buffer.concat(directory);
  end.writeUInt16LE(Object.keys(files).length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, listed, Buffer.from("PK\x05\x06"), end]);
}
