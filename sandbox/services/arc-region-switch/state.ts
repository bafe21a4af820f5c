import { ServiceException } from "../../service.ts";
import { stateOf, type World } from "../../world.ts";
import type { Execution, ExecutionState, Plan, Step } from "./types.ts";

/** An execution, and what it still needs to go on. */
export interface RunningExecution {
  execution: Execution;
  /** The steps of its workflow, in order. */
  steps: Step[];
  /** Under which its steps act. */
  role: string;
  token: string | undefined;
  cancel: () => void;
}

export const regionSwitch = stateOf(() => ({
  plans: new Map<string, Plan>(),
  /** Oldest first. */
  executions: [] as RunningExecution[],
}));

/** States in which an execution is not over. */
export const UNDER_WAY: readonly ExecutionState[] = [
  "inProgress",
  "pausedByFailedStep",
  "pendingManualApproval",
];

/** Plans are global: their ARNs have no Region. */
export const planArn = (world: World, name: string, id: string) =>
  world.arn("arc-region-switch", `plan/${name}:${id}`, { region: "" });

export function planOf(world: World, arn: string | undefined): Plan {
  const found = regionSwitch(world).plans.get(arn ?? "");
  if (!found)
    throw new ServiceException("ResourceNotFoundException", `Plan ${arn} not found`, { status: 404 });
  return found;
}

export function executionOf(world: World, arn: string | undefined, id: string | undefined): RunningExecution {
  planOf(world, arn);
  const found = regionSwitch(world).executions.find(
    ({ execution }) => execution.planArn === arn && execution.executionId === id,
  );
  if (!found)
    throw new ServiceException("ResourceNotFoundException", `Plan execution ${id} not found`, {
      status: 404,
    });
  return found;
}

/** One action on a plan; every operation but CreatePlan has it. */
export const onPlan =
  <Input extends { planArn?: string; arn?: string }>(action: string) =>
  ({ planArn: plan, arn }: Input) => [
    { action: `arc-region-switch:${action}`, resources: [plan ?? arn ?? "*"] },
  ];
