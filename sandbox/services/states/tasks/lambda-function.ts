import { StateFailure, Stopped } from "../../../states/failure.ts";
import type { TaskCall } from "../../../states/task-call.ts";
import type { World } from "../../../world.ts";
import type { Execution } from "../state.ts";
import { withDeadline } from "./deadline.ts";
import { invokeFunction, lambdaFailure } from "./lambda-invoke.ts";

/** A Task whose Resource is a function's own ARN: the payload is the input, the answer the result. */
export async function lambdaFunctionTask(
  world: World,
  execution: Execution,
  task: TaskCall,
): Promise<unknown> {
  const input = JSON.stringify(task.arguments ?? {});
  task.events.add("LambdaFunctionScheduled", {
    lambdaFunctionScheduledEventDetails: {
      input,
      inputDetails: { truncated: false },
      resource: task.resource,
      ...(task.timeoutSeconds === undefined ? {} : { timeoutInSeconds: task.timeoutSeconds }),
    },
  });
  task.events.add("LambdaFunctionStarted");
  try {
    const principal = {
      type: "role" as const,
      roleArn: execution.revision.roleArn,
      sessionName: execution.name,
    };
    const work = invokeFunction(world, principal, {
      FunctionName: task.resource,
      Payload: task.arguments ?? {},
    });
    const { Payload } = (await withDeadline(world, task, work, true)) as { Payload: unknown };
    task.events.add("LambdaFunctionSucceeded", {
      lambdaFunctionSucceededEventDetails: {
        output: JSON.stringify(Payload),
        outputDetails: { truncated: false },
      },
    });
    return Payload;
  } catch (problem) {
    if (problem instanceof Stopped) throw problem;
    const failure = problem instanceof StateFailure ? problem : lambdaFailure(problem);
    const details = { error: failure.error, cause: failure.causeText };
    if (failure.error === "States.Timeout")
      task.events.add("LambdaFunctionTimedOut", { lambdaFunctionTimedOutEventDetails: details });
    else task.events.add("LambdaFunctionFailed", { lambdaFunctionFailedEventDetails: details });
    throw failure;
  }
}
