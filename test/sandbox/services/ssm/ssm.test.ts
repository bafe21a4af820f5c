import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ssm } from "../../../../sandbox/services/ssm/index.ts";
import { openWorld, type TestWorld } from "../../front/harness.ts";

let test: TestWorld;
let client: SSMClient;
const NAME = "/watchdog/shop/gate";

beforeAll(async () => {
  test = await openWorld([ssm]);
  client = new SSMClient(test.admin);
});
afterAll(() => test.close());

describe("Parameter Store", () => {
  it("keeps every version of a value and answers with the newest", async () => {
    const put = (Value: string, Overwrite: boolean) =>
      client.send(new PutParameterCommand({ Name: NAME, Value, Type: "String", Overwrite }));
    expect((await put("open", false)).Version).toBe(1);
    expect((await put("closed", true)).Version).toBe(2);

    const { Parameter } = await client.send(new GetParameterCommand({ Name: NAME }));
    const first = await client.send(new GetParameterCommand({ Name: `${NAME}:1` }));
    const { Parameters = [] } = await client.send(new GetParameterHistoryCommand({ Name: NAME }));

    expect(Parameter).toMatchObject({ Name: NAME, Value: "closed", Version: 2, Type: "String" });
    expect(Parameter!.ARN).toMatch(/:ssm:[^:]+:\d{12}:parameter\/watchdog\/shop\/gate$/);
    expect(first.Parameter!.Value).toBe("open");
    expect(Parameters.map(({ Value }) => Value)).toEqual(["open", "closed"]);
  });

  it("does not overwrite what it was not told to, nor take a value outside the pattern", async () => {
    const again = client.send(new PutParameterCommand({ Name: NAME, Value: "x", Type: "String" }));
    await expect(again).rejects.toMatchObject({ name: "ParameterAlreadyExists" });
    const odd = client.send(
      new PutParameterCommand({
        Name: "/odd",
        Value: "ajar",
        Type: "String",
        AllowedPattern: "^(open|closed)$",
      }),
    );
    await expect(odd).rejects.toMatchObject({ name: "ParameterPatternMismatchException" });
  });

  it("shows a secure string's value to those who ask for it decrypted, and to nobody else", async () => {
    const Name = "/watchdog/shop/key";
    await client.send(new PutParameterCommand({ Name, Value: "hidden", Type: "SecureString" }));
    await client.send(new PutParameterCommand({ Name, Value: "newer", Overwrite: true }));

    const sealed = await client.send(new GetParameterCommand({ Name }));
    const open = await client.send(new GetParameterCommand({ Name: `${Name}:1`, WithDecryption: true }));
    const { Parameters = [] } = await client.send(new GetParameterHistoryCommand({ Name }));

    expect(open.Parameter).toMatchObject({ Value: "hidden", Type: "SecureString" });
    expect(JSON.stringify([sealed.Parameter, Parameters])).not.toMatch(/hidden|newer/);
    expect(new Set(Parameters.map(({ Value }) => Value)).size).toBe(2);
  });

  it("refuses what it cannot keep: keys of the customer, and a change of type", async () => {
    const put = (more: object) =>
      client.send(new PutParameterCommand({ Name: "/keyed", Value: "x", ...more }));
    await expect(put({ Type: "SecureString", KeyId: "alias/own" })).rejects.toMatchObject({
      name: "NotImplementedBySandbox",
    });
    await put({ Type: "String" });
    await expect(put({ Type: "StringList", Overwrite: true })).rejects.toMatchObject({
      name: "HierarchyTypeMismatchException",
    });
  });

  it("a parameter that was deleted is not found, nor is a version that never was", async () => {
    const missing = client.send(new GetParameterCommand({ Name: `${NAME}:9` }));
    await expect(missing).rejects.toMatchObject({ name: "ParameterVersionNotFound" });
    await client.send(new DeleteParameterCommand({ Name: NAME }));
    await expect(client.send(new GetParameterCommand({ Name: NAME }))).rejects.toMatchObject({
      name: "ParameterNotFound",
    });
  });
});
