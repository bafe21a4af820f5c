import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { machineClock } from "../../sandbox/clock.ts";
import { operation, type Service } from "../../sandbox/service.ts";
import { states } from "../../sandbox/services/states/index.ts";
import { executionNamed } from "../../sandbox/services/states/state.ts";
import { World } from "../../sandbox/world.ts";
import { recorded } from "./recorded.ts";

interface Case {
  name: string;
  tasks: number;
  definition: object;
  input: unknown;
  status: string;
  output?: unknown;
  error?: string | null;
  cause?: string | null;
  eventTypes: string[];
}

const cases = recorded<Case[]>("states-jsonata.json");

/** A function that answers with its own event, as the recorded ones did. */
const lambda: Service = {
  name: "lambda",
  client: () => import("@aws-sdk/client-lambda"),
  operations: {
    Invoke: operation<{ Payload?: Uint8Array }, object>({
      authorize: () => [],
      run: ({ Payload }) => ({
        StatusCode: 200,
        ExecutedVersion: "$LATEST",
        Payload: Payload ?? Buffer.from("null"),
      }),
    }),
  },
};

describe.skipIf(!cases)("the states interpreter answers as AWS did", () => {
  const root = mkdtempSync(join(tmpdir(), "watchdog-states-"));
  const world = new World({ root, clock: machineClock(60) });
  world.authorizer = () => undefined; // IAM is proved elsewhere; the recorded roles may do everything
  let passed = 0;
  beforeAll(async () => {
    await world.register(states);
    await world.register(lambda);
  });
  afterAll(async () => {
    console.log(`states conformance: ${passed} of ${cases?.length} recorded cases`);
    await world.stop();
    rmSync(root, { recursive: true });
  });

  it.each((cases ?? []).map((each, index) => [each.name, each, index] as const))(
    "%s",
    async (_, recordedCase, index) => {
      const admin = { type: "admin" as const };
      const call = <Output>(operationName: string, input: object) =>
        world.call<Output>({ service: "states", operation: operationName, input, principal: admin });
      const { stateMachineArn } = await call<{ stateMachineArn: string }>("CreateStateMachine", {
        name: `case-${index}`,
        definition: JSON.stringify(recordedCase.definition),
        roleArn: "arn:aws:iam::123456789012:role/states",
      });
      const { executionArn } = await call<{ executionArn: string }>("StartExecution", {
        stateMachineArn,
        input: JSON.stringify(recordedCase.input),
      });
      const execution = executionNamed(world, executionArn);
      await execution.ended;

      expect(execution.status).toBe(recordedCase.status);
      if (recordedCase.status === "SUCCEEDED")
        expect(withoutTransport(JSON.parse(execution.output!))).toEqual(
          withoutTransport(parsed(recordedCase.output)),
        );
      else expect(execution.error ?? null).toBe(recordedCase.error ?? null);
      if (recordedCase.cause && !/<|lambda_function_name/.test(recordedCase.cause))
        expect(execution.cause).toBe(recordedCase.cause);
      expect(execution.history.map((event) => event.type)).toEqual(recordedCase.eventTypes);
      passed += 1;
    },
  );
});

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Request ids and HTTP headers of the recording differ from run to run. */
function withoutTransport(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, each) => (key.startsWith("Sdk") ? undefined : each)) ?? "null",
  );
}
