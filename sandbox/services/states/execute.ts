import { randomBytes } from "node:crypto";
import type { RunOptions } from "../../states/frame.ts";
import { History } from "../../states/history.ts";
import { runExecution } from "../../states/run.ts";
import type { World } from "../../world.ts";
import { logEvent } from "./logging.ts";
import { countExecution } from "./metrics.ts";
import { type Execution, statesState } from "./state.ts";
import { taskRunner } from "./tasks/index.ts";

/** Starts (or redrives) an execution in the background and keeps its record up to date. */
export function execute(world: World, execution: Execution, redrive?: RunOptions["redrive"]): void {
  const { machine, revision } = execution;
  const input: unknown = JSON.parse(execution.input);
  statusChanged(world, execution);
  const run = runExecution({
    machine: revision.machine,
    input,
    clock: world.clock,
    task: taskRunner(world, execution),
    newToken: () => randomBytes(96).toString("base64"),
    signal: execution.stop.signal,
    context: {
      Execution: {
        Id: execution.arn,
        Input: input,
        Name: execution.name,
        RoleArn: revision.roleArn,
        StartTime: new Date(execution.startedAt).toISOString(),
        RedriveCount: execution.redriveCount,
        ...(execution.redrivenAt === undefined
          ? {}
          : { RedriveTime: new Date(execution.redrivenAt).toISOString() }),
      },
      StateMachine: { Id: execution.versionArn ?? machine.arn, Name: machine.name },
    },
    startedDetails: {
      executionStartedEventDetails: {
        input: execution.input,
        inputDetails: { truncated: false },
        roleArn: revision.roleArn,
        ...(execution.versionArn ? { stateMachineVersionArn: execution.versionArn } : {}),
      },
    },
    onEvent: (event) => {
      if (!redrive) execution.history.push(event);
      for (const listener of statesState(world).listeners) listener(execution.arn, event);
      logEvent(world, execution, event);
    },
    redrive,
  });
  execution.ended = run.then((result) => {
    execution.result = result;
    execution.status = result.status;
    execution.stoppedAt = world.clock.now();
    execution.output = result.output === undefined ? undefined : JSON.stringify(result.output);
    execution.error = result.error;
    execution.cause = result.cause;
    execution.history = result.history.events;
    statusChanged(world, execution);
  });
}

/** Continues a failed execution from the state that failed, with the definition it was started with. */
export function redrive(world: World, execution: Execution): void {
  const { failedAt, history } = execution.result!;
  const again = new History(
    () => world.clock.now(),
    (event) => {
      for (const listener of statesState(world).listeners) listener(execution.arn, event);
      logEvent(world, execution, event);
    },
  );
  again.events.push(...history.events);
  execution.status = "RUNNING";
  execution.stop = new AbortController();
  execution.redriveCount += 1;
  execution.redrivenAt = world.clock.now();
  execution.stoppedAt = undefined;
  execution.error = undefined;
  execution.cause = undefined;
  execution.history = again.events;
  const at = failedAt ?? {
    state: execution.revision.machine.StartAt,
    input: JSON.parse(execution.input),
    variables: {},
  };
  execute(world, execution, { history: again, ...at });
}

function statusChanged(world: World, execution: Execution): void {
  countExecution(world, execution);
  const { arn, machine, name, status, startedAt, stoppedAt, input, output, error, cause } = execution;
  world.emit({
    source: "aws.states",
    "detail-type": "Step Functions Execution Status Change",
    resources: [arn],
    detail: {
      executionArn: arn,
      stateMachineArn: machine.arn,
      name,
      status,
      startDate: startedAt,
      stopDate: stoppedAt ?? null,
      input,
      output: output ?? null,
      inputDetails: { included: true },
      outputDetails: output === undefined ? null : { included: true },
      error: error ?? null,
      cause: cause ?? null,
    },
  });
}
