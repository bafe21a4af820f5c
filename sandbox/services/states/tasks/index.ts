import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { StateFailure, Stopped } from "../../../states/failure.ts";
import type { TaskCall, TaskRunner } from "../../../states/task-call.ts";
import { notImplemented, type World } from "../../../world.ts";
import type { Execution } from "../state.ts";
import { runActivity } from "./activity.ts";
import { sdkIntegration } from "./aws-sdk.ts";
import { awaitCallback } from "./callback.ts";
import { withDeadline } from "./deadline.ts";
import { INTEGRATIONS, type Integration } from "./integrations.ts";
import { lambdaFunctionTask } from "./lambda-function.ts";

/** What stands behind a machine's Task states: the services of the world, called as the machine's role. */
export function taskRunner(world: World, execution: Execution): TaskRunner {
  return async (task) => {
    const { resource } = task;
    if (/^arn:aws[\w-]*:lambda:/.test(resource)) return lambdaFunctionTask(world, execution, task);
    if (/^arn:aws[\w-]*:states:[^:]+:\d+:activity:/.test(resource)) return runActivity(world, task);
    const match =
      /^arn:aws[\w-]*:states:[^:]*:[^:]*:(aws-sdk:)?([\w-]+):([\w-]+)(?:\.(sync(?::2)?|waitForTaskToken))?$/.exec(
        resource,
      );
    if (!match)
      throw new StateFailure(
        "States.Runtime",
        `The resource '${resource}' is not one that Step Functions knows`,
      );
    const [, sdk, service = "", action = "", pattern] = match;
    const integration = sdk ? sdkIntegration(service, action) : INTEGRATIONS[`${service}:${action}`];
    if (!integration) throw new StateFailure("States.Runtime", notImplemented("states", resource).message);
    return runIntegration(
      world,
      execution,
      task,
      integration,
      `${sdk ? "aws-sdk:" : ""}${service}`,
      `${action}${pattern ? `.${pattern}` : ""}`,
      pattern,
    );
  };
}

async function runIntegration(
  world: World,
  execution: Execution,
  task: TaskCall,
  integration: Integration,
  resourceType: string,
  resource: string,
  pattern: string | undefined,
): Promise<unknown> {
  const { events } = task;
  const base = { resource, resourceType };
  events.add("TaskScheduled", {
    taskScheduledEventDetails: {
      ...base,
      region: world.region,
      parameters: JSON.stringify(task.arguments ?? {}),
      ...(task.timeoutSeconds === undefined ? {} : { timeoutInSeconds: task.timeoutSeconds }),
      ...(task.heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: task.heartbeatSeconds }),
    },
  });
  events.add("TaskStarted", { taskStartedEventDetails: base });
  try {
    const principal = {
      type: "role" as const,
      roleArn: execution.revision.roleArn,
      sessionName: execution.name,
    };
    // A callback can be answered before the call itself has returned, so it is registered first.
    const callback = pattern === "waitForTaskToken" ? awaitCallback(world, task) : undefined;
    callback?.catch(() => undefined);
    const called = integration.call({
      world,
      principal,
      arguments: (task.arguments ?? {}) as Record<string, unknown>,
      signal: task.signal,
    });
    let result = await withDeadline(world, task, called, callback === undefined && pattern === undefined);
    if (pattern) {
      events.add("TaskSubmitted", {
        taskSubmittedEventDetails: {
          ...base,
          output: JSON.stringify(result),
          outputDetails: { truncated: false },
        },
      });
      if (callback) result = await callback;
      else if (integration.wait)
        result = await withDeadline(
          world,
          task,
          integration.wait({ world, result, json: pattern === "sync:2", signal: task.signal }),
          false,
        );
      else throw new StateFailure("States.Runtime", `${resource} cannot be waited for`);
    }
    events.add("TaskSucceeded", {
      taskSucceededEventDetails: {
        ...base,
        output: JSON.stringify(result),
        outputDetails: { truncated: false },
      },
    });
    return result;
  } catch (problem) {
    if (problem instanceof Stopped) throw problem;
    const failure = problem instanceof StateFailure ? problem : integration.failure(problem);
    recordFailure(events, failure, base);
    throw failure;
  }
}

function recordFailure(
  events: TaskCall["events"],
  failure: StateFailure,
  base: { resource: string; resourceType: string },
): void {
  const details = { ...base, error: failure.error, cause: failure.causeText };
  const timedOut = failure.error === "States.Timeout" || failure.error === "States.HeartbeatTimeout";
  const event: Partial<HistoryEvent> = timedOut
    ? { taskTimedOutEventDetails: details }
    : { taskFailedEventDetails: details };
  events.add(timedOut ? "TaskTimedOut" : "TaskFailed", event);
}
