/**
 * Shapes of ARC Region switch, as far as the sandbox has them. Written down here, and not read from an SDK client's
 * schemas as everywhere else, because this service's client is in no release that the sandbox is built with.
 * https://docs.aws.amazon.com/arc-region-switch/latest/api/API_Types.html
 */
export interface Step {
  name: string;
  description?: string;
  executionBlockType: string;
  executionBlockConfiguration: {
    executionApprovalConfig?: { approvalRole: string; timeoutMinutes?: number };
    arcRoutingControlConfig?: {
      regionAndRoutingControls: Record<string, { routingControlArn: string; state: "On" | "Off" }[]>;
    };
  };
}

export interface Workflow {
  workflowTargetAction: Action;
  workflowTargetRegion?: string;
  steps?: Step[];
}

export interface Plan {
  arn: string;
  name: string;
  description?: string;
  workflows: Workflow[];
  executionRole: string;
  regions: string[];
  recoveryApproach: "activeActive" | "activePassive";
  primaryRegion?: string;
  owner: string;
  version: string;
  updatedAt: Date;
}

export type Action = "activate" | "deactivate" | "postRecovery";

export type ExecutionState =
  | "inProgress"
  | "pausedByFailedStep"
  | "completed"
  | "canceled"
  | "pendingManualApproval";

export interface StepState {
  name: string;
  status: "notStarted" | "running" | "failed" | "completed" | "canceled" | "pendingApproval";
  startTime?: Date;
  endTime?: Date;
  stepMode: "graceful" | "ungraceful";
}

export interface Execution {
  planArn: string;
  executionId: string;
  version: string;
  comment?: string;
  startTime: Date;
  updatedAt: Date;
  endTime?: Date;
  mode: "graceful" | "ungraceful";
  executionState: ExecutionState;
  executionAction: Action;
  executionRegion: string;
  stepStates: StepState[];
}
