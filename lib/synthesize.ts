import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { buildBundles } from "../lambdas/build.ts";
import { loadPlan } from "./plan/load.ts";
import { PlanError } from "./plan/problem.ts";
import { WatchdogStack } from "./stack.ts";

/** One synthesized stack. */
export interface SynthesizedStack {
  name: string;
  templateFile: string;
  /** Resources, functions and roles, in words. */
  summary: string;
}

/** Quotas that matter for many plans in one account (us-east-1, November 2026). */
const QUOTAS = { resources: 500, roles: 1000 };

/** Synthesizes a stack for each plan file into `outdir`. Throws with every problem of every plan, and then makes nothing. */
export async function synthesize(
  planFiles: string[],
  outdir: string,
): Promise<{ stacks: SynthesizedStack[] }> {
  const loaded = planFiles.map((file) => loadPlan(file));
  const problems = loaded.flatMap((each) => each.problems);
  if (problems.length > 0) throw new PlanError(problems);
  const bundles = await buildBundles();
  const app = new App({ outdir, analyticsReporting: false });
  for (const { plan } of loaded) new WatchdogStack(app, { plan: plan!, bundles });
  const assembly = app.synth();
  return {
    stacks: assembly.stacks.map((stack) => {
      const resources = Object.values(
        (stack.template as { Resources: Record<string, { Type: string }> }).Resources,
      );
      const count = (type: string) => resources.filter(({ Type }) => Type === type).length;
      return {
        name: stack.stackName,
        templateFile: join(outdir, stack.templateFile),
        summary:
          `${resources.length} of ${QUOTAS.resources} resources, ${count("AWS::Lambda::Function")} functions, ` +
          `${count("AWS::IAM::Role")} roles (an account holds ${QUOTAS.roles}), ${count("AWS::CloudWatch::Alarm")} alarms, ${count("AWS::StepFunctions::StateMachine")} state machine`,
      };
    }),
  };
}
