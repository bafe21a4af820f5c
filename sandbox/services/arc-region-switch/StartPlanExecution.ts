import { randomBytes } from "node:crypto";
import { operation, ServiceException } from "../../service.ts";
import { notImplemented } from "../../world.ts";
import { goOn } from "./run.ts";
import { onPlan, planOf, type RunningExecution, regionSwitch, UNDER_WAY } from "./state.ts";
import type { Action } from "./types.ts";

interface Input {
  planArn: string;
  targetRegion: string;
  action: Action;
  mode?: "graceful" | "ungraceful";
  comment?: string;
  latestVersion?: string;
  clientToken?: string;
  recoveryExecutionId?: string;
}

interface Output {
  executionId: string;
  plan: string;
  planVersion: string;
  activateRegion?: string;
  deactivateRegion?: string;
}

const bad = (code: string, message: string) => new ServiceException(code, message, { status: 400 });

/** Starts an execution in the Region that is asked, or answers with the one of the same token. */
export const StartPlanExecution = operation<Input, Output>({
  authorize: onPlan("StartPlanExecution"),
  run: (input, { world, region }) => {
    const plan = planOf(world, input.planArn);
    if (input.action === "postRecovery" || input.latestVersion === "false")
      throw notImplemented("arc-region-switch", "post-recovery executions and older versions of a plan");
    if (!plan.regions.includes(input.targetRegion))
      throw bad("IllegalArgumentException", `${input.targetRegion} is no Region of plan ${plan.name}`);
    const workflow = plan.workflows.find(
      ({ workflowTargetAction, workflowTargetRegion = input.targetRegion }) =>
        workflowTargetAction === input.action && workflowTargetRegion === input.targetRegion,
    );
    if (!workflow)
      throw bad(
        "IllegalArgumentException",
        `Plan ${plan.name} has no workflow to ${input.action} ${input.targetRegion}`,
      );
    const { executions } = regionSwitch(world);
    const known = executions.find(
      ({ execution, token }) => execution.planArn === plan.arn && token && token === input.clientToken,
    );
    const running = known ?? started();
    const { executionId, version } = running.execution;
    return {
      executionId,
      plan: plan.arn,
      planVersion: version,
      [input.action === "activate" ? "activateRegion" : "deactivateRegion"]: input.targetRegion,
    };

    function started(): RunningExecution {
      const other = executions.find(
        ({ execution }) => execution.planArn === plan.arn && UNDER_WAY.includes(execution.executionState),
      );
      if (other)
        throw bad(
          "IllegalStateException",
          `Execution ${other.execution.executionId} of the plan is under way`,
        );
      const now = new Date(world.clock.now());
      const { mode = "graceful", comment } = input;
      const steps = workflow!.steps ?? [];
      const begun: RunningExecution = {
        execution: {
          planArn: plan.arn,
          executionId: `${region}/${randomBytes(8).toString("hex")}`,
          version: plan.version,
          ...(comment === undefined ? {} : { comment }),
          startTime: now,
          updatedAt: now,
          mode,
          executionState: "inProgress",
          executionAction: input.action,
          executionRegion: input.targetRegion,
          stepStates: steps.map(({ name }) => ({ name, status: "notStarted", stepMode: mode })),
        },
        steps,
        role: plan.executionRole,
        token: input.clientToken,
        cancel: () => undefined,
      };
      executions.push(begun);
      world.onStop(() => begun.cancel());
      goOn(world, begun);
      return begun;
    }
  },
});
