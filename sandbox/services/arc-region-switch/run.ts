import type { World } from "../../world.ts";
import type { RunningExecution } from "./state.ts";
import type { ExecutionState, Step, StepState } from "./types.ts";

/** Sandbox time that a block which changes something takes. AWS promises none. */
const BLOCK_SECONDS = 60;

/** What one block does, beside taking its time. */
async function effect(world: World, { execution, role }: RunningExecution, step: Step): Promise<void> {
  const { regionAndRoutingControls = {} } = step.executionBlockConfiguration.arcRoutingControlConfig ?? {};
  const wanted = regionAndRoutingControls[execution.executionRegion] ?? [];
  if (wanted.length === 0) return;
  await world.call({
    service: "route53-recovery-cluster",
    operation: "UpdateRoutingControlStates",
    input: {
      UpdateRoutingControlStateEntries: wanted.map(({ routingControlArn, state }) => ({
        RoutingControlArn: routingControlArn,
        RoutingControlState: state,
      })),
    },
    principal: { type: "role", roleArn: role, sessionName: "arc-region-switch" },
  });
}

function move(world: World, { execution }: RunningExecution, to: ExecutionState): void {
  const now = new Date(world.clock.now());
  execution.executionState = to;
  execution.updatedAt = now;
  if (to === "completed" || to === "canceled") execution.endTime = now;
}

function mark(world: World, step: StepState, status: StepState["status"]): void {
  const now = new Date(world.clock.now());
  step.status = status;
  if (status === "running" || status === "pendingApproval") step.startTime ??= now;
  else step.endTime = now;
}

/** Goes on with the first step that is not done: one after the other, each in its time. */
export function goOn(world: World, running: RunningExecution): void {
  const at = running.execution.stepStates.findIndex(({ status }) => status !== "completed");
  const step = running.steps[at];
  const state = running.execution.stepStates[at];
  if (!step || !state) {
    move(world, running, "completed");
    return;
  }
  if (step.executionBlockType === "ManualApproval") {
    mark(world, state, "pendingApproval");
    move(world, running, "pendingManualApproval");
    return;
  }
  mark(world, state, "running");
  move(world, running, "inProgress");
  running.cancel = world.clock.after(BLOCK_SECONDS * 1000, () => {
    effect(world, running, step).then(
      () => {
        if (running.execution.executionState !== "inProgress") return;
        mark(world, state, "completed");
        goOn(world, running);
      },
      (error: Error) => {
        if (world.stopping) return;
        world.log("arc-region-switch", `${running.execution.executionId} ${step.name}: ${error.message}`);
        mark(world, state, "failed");
        move(world, running, "pausedByFailedStep");
      },
    );
  });
}

/** A person let the step that waits go on. */
export function approved(world: World, running: RunningExecution): void {
  const waiting = running.execution.stepStates.find(({ status }) => status === "pendingApproval");
  if (waiting) mark(world, waiting, "completed");
  goOn(world, running);
}

/** What was done stays; what was not begun never is. */
export function canceled(world: World, running: RunningExecution): void {
  running.cancel();
  for (const step of running.execution.stepStates)
    if (step.status === "running" || step.status === "pendingApproval") mark(world, step, "canceled");
  move(world, running, "canceled");
}
