import type { Context } from "../../runtime/context.ts";
import { signed } from "../../runtime/signed.ts";

type Action = "activate" | "deactivate" | "postRecovery";

/** https://docs.aws.amazon.com/arc-region-switch/latest/api/API_Plan.html */
export interface Plan {
  name: string;
  regions: string[];
  version?: string;
  workflows: {
    workflowTargetAction: Action;
    workflowTargetRegion?: string;
    steps?: { name: string; executionBlockType: string }[];
  }[];
}

/** https://docs.aws.amazon.com/arc-region-switch/latest/api/API_GetPlanExecution.html */
export interface Execution {
  executionId: string;
  comment?: string;
  executionState: string;
  executionAction: Action;
  executionRegion: string;
  stepStates?: { name?: string; status?: string }[];
}

interface Operations {
  GetPlanInRegion: [{ arn: string }, { plan: Plan }];
  GetPlanEvaluationStatus: [
    { planArn: string },
    { evaluationState?: string; warnings?: { stepName?: string; warningMessage: string }[] },
  ];
  ListPlanExecutions: [
    { planArn: string; nextToken?: string | undefined },
    { items?: Execution[]; nextToken?: string },
  ];
  GetPlanExecution: [{ planArn: string; executionId: string }, Execution];
  StartPlanExecution: [
    {
      planArn: string;
      targetRegion: string;
      action: Action;
      mode: string;
      comment: string;
      clientToken: string;
      latestVersion: string;
    },
    { executionId: string },
  ];
  CancelPlanExecution: [{ planArn: string; executionId: string; comment: string }, object];
}

/** An error of the service, by the name of its shape. */
class RegionSwitchError extends Error {
  readonly $metadata: { httpStatusCode: number };

  constructor(name: string, message: string, httpStatusCode: number) {
    super(message);
    this.name = name;
    this.$metadata = { httpStatusCode };
  }
}

/**
 * One call of ARC Region switch's data plane in a Region, in AWS JSON 1.0. Signed here: an SDK client for it is in no
 * release that this is built with.
 */
export async function regionSwitch<Name extends keyof Operations>(
  name: Name,
  input: Operations[Name][0],
  { region, now }: Pick<Context, "region" | "now">,
): Promise<Operations[Name][1]> {
  const { status, body } = await signed(
    {
      service: "arc-region-switch",
      host: `arc-region-switch.${region}.${region.startsWith("cn-") ? "api.amazonwebservices.com.cn" : "api.aws"}`,
      path: "/",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `ArcRegionSwitch.${name}`,
      },
      body: JSON.stringify(input),
    },
    { region, now },
  );
  if (status === 200) return JSON.parse(body) as Operations[Name][1];
  const { __type = "", message = body.slice(0, 200) } = parsed(body);
  throw new RegionSwitchError(
    __type.split("#").at(-1) || `Status${status}`,
    `${name} in ${region}: ${message}`,
    status,
  );
}

function parsed(body: string): { __type?: string; message?: string } {
  try {
    return JSON.parse(body) as { __type?: string; message?: string };
  } catch {
    // No JSON at all, from something in between: its status says enough.
    return {};
  }
}
