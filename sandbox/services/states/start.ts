import { randomUUID } from "node:crypto";
import { ServiceException } from "../../service.ts";
import type { World } from "../../world.ts";
import { jsonMistake } from "../events/pattern/json-mistake.ts";
import { execute } from "./execute.ts";
import { revisionOf, validName } from "./machine.ts";
import { type Execution, type StateMachine, statesState } from "./state.ts";

const LARGEST_INPUT = 262_144;
/** Names are kept this long after an execution has ended. */
const NAME_KEPT = 90 * 86_400_000;

/** Starts an execution, or finds the one that this request already started. */
export function startExecution(
  world: World,
  machine: StateMachine,
  given: { arn: string; name: string | undefined; input: string | undefined },
): Execution {
  const { executions } = statesState(world);
  const input = given.input ?? "{}";
  try {
    JSON.parse(input);
  } catch {
    const reason = input === "" ? "Invalid execution input." : jsonMistake(input).reason;
    throw new ServiceException("InvalidExecutionInput", `Invalid State Machine Execution Input: '${reason}'`);
  }
  if (Buffer.byteLength(input) > LARGEST_INPUT)
    throw new ServiceException(
      "ValidationException",
      `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${LARGEST_INPUT}`,
    );
  const name = given.name === undefined ? randomUUID() : validName(given.name);
  const kind = machine.type === "EXPRESS" ? "express" : "execution";
  const arn = world.arn(
    "states",
    `${kind}:${machine.name}:${name}${kind === "express" ? `:${randomUUID()}` : ""}`,
  );
  const existing = executions.get(arn);
  if (existing && (existing.stoppedAt === undefined || world.clock.now() - existing.stoppedAt < NAME_KEPT)) {
    if (existing.status === "RUNNING" && existing.input === input) return existing;
    throw new ServiceException("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);
  }
  const { revision, version } = revisionOf(world, given.arn);
  const execution: Execution = {
    arn,
    name,
    machine,
    revision,
    versionArn: version === undefined ? undefined : `${machine.arn}:${version}`,
    input,
    status: "RUNNING",
    startedAt: world.clock.now(),
    stoppedAt: undefined,
    output: undefined,
    error: undefined,
    cause: undefined,
    history: [],
    result: undefined,
    stop: new AbortController(),
    redriveCount: 0,
    redrivenAt: undefined,
    ended: Promise.resolve(),
  };
  executions.set(arn, execution);
  execute(world, execution);
  return execution;
}
