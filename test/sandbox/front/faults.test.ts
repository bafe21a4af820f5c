import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateQueueCommand, ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addFault } from "../../../sandbox/faults.ts";
import { sqs } from "../../../sandbox/services/sqs/index.ts";
import { openWorld, type TestWorld } from "./harness.ts";

let test: TestWorld;
let client: SQSClient;

beforeEach(async () => {
  test = await openWorld([sqs]);
  client = new SQSClient(test.admin);
});
afterEach(() => test.close());

const create = (QueueName: string) => client.send(new CreateQueueCommand({ QueueName }));
const queues = async () => (await client.send(new ListQueuesCommand({}))).QueueUrls?.length ?? 0;

describe("injected faults", () => {
  it("throttle only the nth call, as the SDK knows throttling, and do nothing then", async () => {
    addFault(test.world, { service: "sqs", operation: "CreateQueue", nth: 2, harm: { kind: "throttle" } });

    await create("one");
    await expect(create("two")).rejects.toMatchObject({ name: "RequestThrottled" });
    await create("three");

    expect(await queues()).toBe(2);
  });

  it("an SDK with retries gets through a throttle by itself", async () => {
    const reader = await test.as("reader", [{ Effect: "Allow", Action: "iam:GetRole", Resource: "*" }]);
    addFault(test.world, { service: "iam", operation: "GetRole", nth: 1, harm: { kind: "throttle" } });
    const retrying = new IAMClient({ ...reader, maxAttempts: 3 });

    const answer = await retrying.send(new GetRoleCommand({ RoleName: "reader" }));

    expect([answer.Role?.RoleName, answer.$metadata.attempts]).toEqual(["reader", 2]);
  });

  it("losing the reply breaks the connection after the call was done", async () => {
    addFault(test.world, { operation: "CreateQueue", nth: 1, harm: { kind: "lose-reply" } });

    const lost = create("done");

    await expect(lost).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(await queues()).toBe(1);
  });

  it("killing the caller before the call leaves nothing done, after it everything", async () => {
    const killed: string[] = [];
    const kill = ({ operation }: { operation: string }) => void killed.push(operation);
    addFault(test.world, { operation: "CreateQueue", nth: 1, harm: { kind: "kill", when: "before", kill } });
    const remove = addFault(test.world, {
      operation: "CreateQueue",
      nth: 1,
      harm: { kind: "kill", when: "after", kill },
    });

    await expect(create("before")).rejects.toThrow();
    const afterFirst = await queues();
    await expect(create("after")).rejects.toThrow();
    remove();

    expect([afterFirst, await queues(), killed.length]).toEqual([0, 1, 2]);
  });

  it("a delay is in sandbox time", async () => {
    addFault(test.world, { operation: "CreateQueue", harm: { kind: "delay", seconds: 30 } });
    const before = test.world.clock.now();

    await create("late");

    expect(test.world.clock.now() - before).toBeGreaterThanOrEqual(30_000);
  });

  it("harms only the principals and inputs it names, and none once removed", async () => {
    const remove = addFault(test.world, {
      operation: "CreateQueue",
      principal: (principal) => principal.type === "admin",
      input: (input) => (input as { QueueName: string }).QueueName.startsWith("bad"),
      harm: { kind: "error", code: "InternalFailure", status: 500 },
    });

    await create("good");
    await expect(create("bad")).rejects.toMatchObject({
      name: "InternalFailure",
      $metadata: { httpStatusCode: 500 },
    });
    remove();
    await create("bad");

    expect(await queues()).toBe(2);
  });
});
