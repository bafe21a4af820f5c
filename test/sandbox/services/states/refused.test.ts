import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { secretsmanager } from "../../../../sandbox/services/secretsmanager/index.ts";
import { states } from "../../../../sandbox/services/states/index.ts";
import { openWorld, type TestWorld } from "../../front/harness.ts";

let test: TestWorld;
const admin = { type: "admin" as const };
const call = <Output>(operation: string, input: object) =>
  test.world.call<Output>({ service: "states", operation, input, principal: admin });

beforeAll(async () => {
  test = await openWorld([secretsmanager, states]);
  test.world.authorizer = () => undefined; // IAM is proved elsewhere
});
afterAll(() => test.close());

async function machine(name: string, state: object): Promise<string> {
  const definition = JSON.stringify({ QueryLanguage: "JSONata", StartAt: "Only", States: { Only: state } });
  const roleArn = `arn:aws:iam::${test.world.account}:role/states`;
  return (await call<{ stateMachineArn: string }>("CreateStateMachine", { name, definition, roleArn }))
    .stateMachineArn;
}

describe("Step Functions refuses in AWS's words", () => {
  it.each([
    ["", "Invalid execution input."],
    [
      "not some json",
      "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    ],
    [
      "{'not': 'json'",
      "Unexpected character (''' (code 39)): was expecting double-quote to start field name",
    ],
  ])("the input %j", async (input, reason) => {
    const stateMachineArn = await machine("input", { Type: "Succeed" });
    const client = new SFNClient(test.admin);

    await expect(client.send(new StartExecutionCommand({ stateMachineArn, input }))).rejects.toMatchObject({
      name: "InvalidExecutionInput",
      message: `Invalid State Machine Execution Input: '${reason}'`,
    });
  });

  it.each([
    ["createSecret", { Name: "no such * name", SecretString: "x" }, "SecretsManagerException"],
    ["describeSecret", { SecretId: "nowhere" }, "ResourceNotFoundException"],
  ])(
    "an error of aws-sdk:secretsmanager:%s is named by the service's model, or by the service",
    async (action, Arguments, error) => {
      const Resource = `arn:aws:states:::aws-sdk:secretsmanager:${action}`;
      const stateMachineArn = await machine(action, { Type: "Task", Resource, Arguments, End: true });
      const { executionArn } = await call<{ executionArn: string }>("StartExecution", { stateMachineArn });
      const described = () => call<{ status: string; error?: string }>("DescribeExecution", { executionArn });

      await expect.poll(async () => (await described()).status).toBe("FAILED");
      expect((await described()).error).toBe(`SecretsManager.${error}`);
    },
  );
});
