import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { buildBundles } from "../lambdas/build.ts";
import { loadPlan } from "./plan/load.ts";
import { PlanError, type PlanProblem } from "./plan/problem.ts";
import type { Plan } from "./plan/schema.ts";
import { MOST_EVENTS } from "./plan/visits.ts";
import { accountSummary, type Counted, counted, overQuota, summaryOf } from "./quotas.ts";
import { WatchdogStack } from "./stack.ts";

/** One synthesized stack. */
export interface SynthesizedStack {
  name: string;
  templateFile: string;
  /** Resources, functions, roles and the history events of the longest run, in words. */
  summary: string;
}

/** The CDK's feature flags. Here, not in cdk.json, so that what is drilled is what `cdk deploy` deploys. */
export const FLAGS = {
  "@aws-cdk/core:newStyleStackSynthesis": true,
  "@aws-cdk/aws-iam:minimizePolicies": true,
  "@aws-cdk/core:checkSecretUsage": true,
  // What CloudFormation would refuse is an error here, not a warning.
  "@aws-cdk/core:validateAgainstDefaultRules": true,
  "@aws-cdk/aws-lambda:recognizeVersionProps": true,
  "@aws-cdk/aws-lambda:recognizeLayerVersion": true,
  "@aws-cdk/aws-sns-subscriptions:restrictSqsDescryption": true,
  "@aws-cdk/aws-events:eventsTargetQueueSameAccount": true,
};

/**
 * Synthesizes a stack for each plan file into `outdir`.
 *
 * `rules: false` leaves out the look at CloudFormation's own rules, four seconds of work: for a template that nobody
 * deploys to AWS. The template is the same.
 *
 * @throws PlanError with every problem of every plan; then nothing is made.
 */
export async function synthesize(
  planFiles: string[],
  outdir: string,
  { rules = true }: { rules?: boolean } = {},
): Promise<{ stacks: SynthesizedStack[]; summary: string }> {
  const plans = readPlans(planFiles);
  const bundles = await buildBundles();
  const app = new App({
    outdir,
    analyticsReporting: false,
    context: FLAGS,
    builtinCloudFormationValidation: rules,
  });
  const events = new Map(
    plans.map((plan) => {
      const { stackName, watchdog } = new WatchdogStack(app, { plan, bundles });
      return [stackName, eventsText(watchdog)];
    }),
  );
  const found = app.synth().stacks.map(({ stackName: name, templateFile: file }) => {
    const templateFile = join(outdir, file);
    return { name, templateFile, counts: counted(readFileSync(templateFile, "utf8")) };
  });
  const over = found.flatMap(({ name, counts }) => overQuota(name, counts));
  if (over.length > 0) throw new Error(over.join("\n"));
  return {
    stacks: found.map(({ counts, ...stack }) => ({
      ...stack,
      summary: `${summaryOf(counts)}, ${events.get(stack.name)}`,
    })),
    summary: accountSummary(found.map(({ counts }): Counted => counts)),
  };
}

/** History events of each machine whose length the plan decides. */
function eventsText({ estimate, rampEvents }: WatchdogStack["watchdog"]): string {
  const run = `at most ${estimate.historyEvents.worst} of ${MOST_EVENTS} history events a run`;
  return rampEvents ? `${run}, ${rampEvents.ramp} a redeploy, ${rampEvents.hold} a part of its holds` : run;
}

/** Every plan, or every problem of all of them. */
function readPlans(planFiles: string[]): Plan[] {
  if (planFiles.length === 0) throw new Error("There is no plan. Put one into plans/, or name its file.");
  const loaded = planFiles.map((file) => ({ file, ...loadPlan(file) }));
  const services = new Map<string, string>();
  const doubles: PlanProblem[] = [];
  for (const { file, plan } of loaded) {
    if (!plan) continue;
    const earlier = services.get(plan.service);
    if (earlier === undefined) services.set(plan.service, file);
    else
      doubles.push({
        file,
        line: 1,
        column: 1,
        reason: `service: "${plan.service}" is the service of ${earlier} already, and a service has one plan`,
        instead: "make one plan of the two, or correct the service",
      });
  }
  const problems = [...loaded.flatMap((each) => each.problems), ...doubles];
  if (problems.length > 0) throw new PlanError(problems);
  return loaded.flatMap(({ plan }) => plan ?? []);
}
