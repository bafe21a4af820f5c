import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CancelCommandCommand,
  CreateDocumentCommand,
  DescribeDocumentCommand,
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  type GetCommandInvocationCommandOutput,
  ListCommandInvocationsCommand,
  SendCommandCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHost, type ManagedHost } from "../../../../sandbox/engines/host/index.ts";
import { ssm } from "../../../../sandbox/services/ssm/index.ts";
import { until } from "../../../../scenarios/until.ts";
import { openWorld, type TestWorld } from "../../front/harness.ts";

const INSTANCE = "i-0123456789abcdef0";
const ended = ({ Status }: GetCommandInvocationCommandOutput) =>
  ["Success", "Failed", "TimedOut", "Cancelled"].includes(Status ?? "");

let test: TestWorld;
let client: SSMClient;
let host: ManagedHost;

const document = (runCommand: string[], more: { parameters?: object; inputs?: object } = {}) =>
  JSON.stringify({
    schemaVersion: "2.2",
    description: "for tests",
    parameters: more.parameters ?? {},
    mainSteps: [
      {
        action: "aws:runShellScript",
        name: "run",
        inputs: { runCommand, workingDirectory: "/", ...more.inputs },
      },
    ],
  });
const create = (Name: string, Content: string) =>
  client.send(new CreateDocumentCommand({ Name, Content, DocumentType: "Command" }));
const send = async (DocumentName: string, Parameters?: Record<string, string[]>) =>
  (await client.send(new SendCommandCommand({ DocumentName, InstanceIds: [INSTANCE], Parameters }))).Command!
    .CommandId!;
const invocation = (CommandId: string) =>
  client.send(new GetCommandInvocationCommand({ CommandId, InstanceId: INSTANCE }));
async function run(name: string, parameters?: Record<string, string[]>) {
  const id = await send(name, parameters);
  let last: GetCommandInvocationCommandOutput | undefined;
  await until(`${name} to end`, async () => {
    last = await invocation(id);
    return ended(last);
  });
  return last!;
}

beforeAll(async () => {
  test = await openWorld([ssm], { speed: 60 });
  client = new SSMClient(test.admin);
  host = await createHost(test.world, { instanceId: INSTANCE, name: "tunnel-1.internal", ports: [443] });
});
afterAll(() => test.close());

describe("Run Command", () => {
  it("runs a document's shell on the host, with its parameters put in as AWS does", async () => {
    await create(
      "write-lines",
      document(
        ["{{ first }}", 'echo "{{word}}" >> ./tmp/said', "cat ./tmp/said", "echo $AWS_SSM_INSTANCE_ID"],
        {
          parameters: {
            first: { type: "StringList" },
            word: { type: "String", default: "none", allowedPattern: "^[a-z]+$" },
          },
        },
      ),
    );

    const found = await run("write-lines", { first: ["set -e", "echo one > ./tmp/said"], word: ["two"] });

    expect(found).toMatchObject({
      Status: "Success",
      StatusDetails: "Success",
      ResponseCode: 0,
      PluginName: "run",
      StandardOutputContent: `one\ntwo\n${INSTANCE}\n`,
    });
    expect(readFileSync(join(host.folder, "tmp/said"), "utf8")).toBe("one\ntwo\n");
  });

  it("refuses values that the document does not allow, and documents and hosts that it does not know", async () => {
    const refused = (name: string, parameters: Record<string, string[]>, id = INSTANCE) =>
      client.send(new SendCommandCommand({ DocumentName: name, InstanceIds: [id], Parameters: parameters }));

    await expect(refused("write-lines", { first: ["true"], word: ["a; rm -rf /"] })).rejects.toMatchObject({
      name: "InvalidParameters",
      message: expect.stringContaining("word"),
    });
    await expect(refused("write-lines", { word: ["x"] })).rejects.toMatchObject({
      name: "InvalidParameters",
    });
    await expect(refused("write-lines", { first: [], other: ["x"] })).rejects.toMatchObject({
      name: "InvalidParameters",
    });
    await expect(refused("nowhere", {})).rejects.toMatchObject({ name: "InvalidDocument" });
    await expect(refused("write-lines", { first: ["true"] }, "i-0000000000000dead")).rejects.toMatchObject({
      name: "InvalidInstanceId",
    });
  });

  it("is Failed with the script's own exit code and its error output", async () => {
    await create("fail", document(["echo before", "echo trouble >&2", "exit 7", "echo after"]));

    expect(await run("fail")).toMatchObject({
      Status: "Failed",
      StatusDetails: "Failed",
      ResponseCode: 7,
      StandardOutputContent: "before\n",
      StandardErrorContent: "trouble\n",
    });
  });

  it("keeps the first 24,000 characters of output and 8,000 of errors", async () => {
    await create(
      "long",
      document(["head -c 30000 /dev/zero | tr '\\0' a; head -c 30000 /dev/zero | tr '\\0' b >&2"]),
    );

    const { StandardOutputContent: out = "", StandardErrorContent: error = "" } = await run("long");

    expect(out).toHaveLength(24_000);
    expect(out).toMatch(/^a+--output truncated--$/);
    expect(error).toHaveLength(8_000);
  });

  it("ends a script that runs longer than its document allows", async () => {
    await create("slow", document(["sleep 100 & wait"], { inputs: { timeoutSeconds: "2" } }));

    expect(await run("slow")).toMatchObject({
      Status: "TimedOut",
      StatusDetails: "ExecutionTimedOut",
      ResponseCode: -1,
    });
  });

  it("cancels a script that runs", async () => {
    await create(
      "cancelled",
      document(["echo begun > ./tmp/begun", "sleep 100 & wait", "touch ./tmp/after"]),
    );
    const id = await send("cancelled");
    await until("the script to begin", () => existsSync(join(host.folder, "tmp/begun")));

    await client.send(new CancelCommandCommand({ CommandId: id }));
    await until("the end", async () => ended(await invocation(id)));

    expect(await invocation(id)).toMatchObject({ Status: "Cancelled", StatusDetails: "Cancelled" });
    expect(existsSync(join(host.folder, "tmp/after"))).toBe(false);
  });

  it("waits for a host that is offline, and gives up when the time is over", async () => {
    await create("late", document(["touch ./tmp/late"], { inputs: { timeoutSeconds: "30" } }));
    host.online = false;
    const { InstanceInformationList: [seen] = [] } = await client.send(
      new DescribeInstanceInformationCommand({ Filters: [{ Key: "InstanceIds", Values: [INSTANCE] }] }),
    );
    const first = await send("late");
    await until("it to be delayed", async () => (await invocation(first)).Status === "Delayed");
    host.online = true;
    await until("it to be delivered", async () => ended(await invocation(first)));
    host.online = false;
    const { Command } = await client.send(
      new SendCommandCommand({ DocumentName: "late", InstanceIds: [INSTANCE], TimeoutSeconds: 30 }),
    );
    await until("it to be given up", async () => ended(await invocation(Command!.CommandId!)));
    host.online = true;

    expect(seen).toMatchObject({ InstanceId: INSTANCE, PingStatus: "ConnectionLost", PlatformType: "Linux" });
    expect(await invocation(first)).toMatchObject({ Status: "Success" });
    expect(await invocation(Command!.CommandId!)).toMatchObject({
      Status: "TimedOut",
      StatusDetails: "DeliveryTimedOut",
      ResponseCode: -1,
    });
  });

  it("cannot be read in the first moment, as on AWS, and lists what was sent, newest first", async () => {
    const id = await send("write-lines", { first: ["true"] });
    await until("the end", async () => {
      try {
        return ended(await invocation(id));
      } catch (error) {
        expect((error as Error).name).toBe("InvocationDoesNotExist");
        return false;
      }
    });

    const { CommandInvocations = [] } = await client.send(
      new ListCommandInvocationsCommand({ InstanceId: INSTANCE, Details: true }),
    );

    expect(CommandInvocations[0]).toMatchObject({
      CommandId: id,
      CommandPlugins: [{ Name: "run", ResponseCode: 0 }],
    });
    await expect(invocation("00000000-0000-0000-0000-000000000000")).rejects.toMatchObject({
      name: "InvalidCommandId",
    });
  });

  it("needs the right to the document and to the host", async () => {
    const { region, account } = test.world;
    const allow = (...Resource: string[]) => [{ Effect: "Allow", Action: "ssm:SendCommand", Resource }];
    const documentArn = `arn:aws:ssm:${region}:${account}:document/fail`;
    const hostArn = `arn:aws:ec2:${region}:${account}:instance/${INSTANCE}`;
    const as = async (name: string, statements: object[], DocumentName = "fail") =>
      new SSMClient(await test.as(name, statements)).send(
        new SendCommandCommand({ DocumentName, InstanceIds: [INSTANCE] }),
      );

    await expect(as("document-only", allow(documentArn))).rejects.toThrow(/AccessDenied|not authorized/);
    await expect(as("host-only", allow(hostArn))).rejects.toThrow(/not authorized/);
    await expect(as("other-document", allow(documentArn, hostArn), "write-lines")).rejects.toThrow(
      /not authorized/,
    );
    expect((await as("both", allow(documentArn, hostArn))).Command?.CommandId).toBeTruthy();
  });
});

describe("a command document", () => {
  it("is described with its parameters", async () => {
    const { Document } = await client.send(new DescribeDocumentCommand({ Name: "write-lines" }));

    expect(Document).toMatchObject({
      SchemaVersion: "2.2",
      HashType: "Sha256",
      Parameters: [
        { Name: "first", Type: "StringList" },
        { Name: "word", DefaultValue: "none" },
      ],
    });
  });

  it.each([
    ["of another schema", { schemaVersion: "0.3" }, "NotImplementedBySandbox"],
    ["without steps", { schemaVersion: "2.2", mainSteps: [] }, "InvalidDocumentContent"],
  ])("%s is refused", async (_, content, name) => {
    await expect(create("refused", JSON.stringify(content))).rejects.toMatchObject({ name });
  });

  it("is not created twice, nor under a name of AWS's own", async () => {
    await expect(create("fail", document(["true"]))).rejects.toMatchObject({ name: "DocumentAlreadyExists" });
    await expect(create("AWS-Mine", document(["true"]))).rejects.toMatchObject({
      name: "ValidationException",
    });
  });
});

describe("a host", () => {
  it("runs services as real processes that systemctl starts, stops and restarts", async () => {
    writeFileSync(
      join(host.folder, "etc/systemd/system/api.service"),
      "[Service]\nWorkingDirectory=/opt\nEnvironmentFile=/opt/.env\nExecStart=sh -c 'echo $COLOUR-$$ > ./pid; sleep 100'\n",
    );
    writeFileSync(join(host.folder, "opt/.env"), "COLOUR=green\n");
    const pid = () => readFileSync(join(host.folder, "opt/pid"), "utf8").trim();
    await create(
      "service",
      document(["systemctl {{ verb }} api.service"], { parameters: { verb: { type: "String" } } }),
    );

    expect(await run("service", { verb: ["start"] })).toMatchObject({ ResponseCode: 0 });
    await until("the service to begin", () => existsSync(join(host.folder, "opt/pid")));
    const first = pid();
    expect(await run("service", { verb: ["is-active"] })).toMatchObject({
      StandardOutputContent: "active\n",
    });
    expect(await run("service", { verb: ["restart"] })).toMatchObject({ ResponseCode: 0 });
    await until("another process", () => pid() !== first);
    expect(await run("service", { verb: ["stop"] })).toMatchObject({ ResponseCode: 0 });

    expect(first).toMatch(/^green-\d+$/);
    expect(await run("service", { verb: ["is-active"] })).toMatchObject({ ResponseCode: 3 });
    expect(await run("service", { verb: ["daemon-reexec"] })).toMatchObject({
      ResponseCode: 1,
      StandardErrorContent: expect.stringContaining("not known to the sandbox"),
    });
  });
});
