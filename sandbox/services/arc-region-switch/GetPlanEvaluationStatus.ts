import { operation } from "../../service.ts";
import { routingControls } from "../route53-recovery-cluster/state.ts";
import { onPlan, planOf } from "./state.ts";

interface Output {
  planArn: string;
  lastEvaluationTime: Date;
  lastEvaluatedVersion: string;
  region: string;
  evaluationState: "passed" | "actionRequired";
  warnings: {
    version: string;
    stepName: string;
    resourceArn: string;
    warningStatus: "active";
    warningUpdatedTime: Date;
    warningMessage: string;
  }[];
}

/** Whether what a plan's steps name is there; looked at whenever it is asked. */
export const GetPlanEvaluationStatus = operation<{ planArn: string }, Output>({
  authorize: onPlan("GetPlanEvaluationStatus"),
  run: (input, { world, region }) => {
    const { arn, version, workflows } = planOf(world, input.planArn);
    const now = new Date(world.clock.now());
    const warnings = workflows
      .flatMap(({ steps = [] }) => steps)
      .flatMap(({ name, executionBlockConfiguration: { arcRoutingControlConfig } }) =>
        Object.values(arcRoutingControlConfig?.regionAndRoutingControls ?? {})
          .flat()
          .filter(({ routingControlArn }) => !routingControls(world).has(routingControlArn))
          .map(({ routingControlArn }) => ({
            version,
            stepName: name,
            resourceArn: routingControlArn,
            warningStatus: "active" as const,
            warningUpdatedTime: now,
            warningMessage: `The routing control ${routingControlArn} does not exist.`,
          })),
      );
    return {
      planArn: arn,
      lastEvaluationTime: now,
      lastEvaluatedVersion: version,
      region,
      evaluationState: warnings.length === 0 ? "passed" : "actionRequired",
      warnings,
    };
  },
});
