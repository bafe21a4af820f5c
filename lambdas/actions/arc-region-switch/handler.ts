import type * as z from "zod";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { type StepContext, serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { digest } from "../../runtime/tokens.ts";
import { type Execution, type Plan, regionSwitch } from "./client.ts";
import { arcRegionSwitch } from "./spec.ts";
import { isOver, judged } from "./states.ts";

type Input = z.output<typeof arcRegionSwitch.input>;
type Before = z.output<typeof arcRegionSwitch.before>;

/** Pages of executions, newest first, among which a step looks for its own. */
const PAGES = 5;

/** Asked is the data plane of the Region that stays, never the one that is left. */
const there = ({ from, region }: Input, { now }: StepContext) => ({ region: from ?? region, now });
const commentOf = ({ run, step }: StepContext) => `rollback-watchdog ${run.id} ${step.id}`;
const aim = ({ action, region, mode }: Input) => `${action} ${region} (${mode})`;

/** The newest executions, and the one that this step started. */
async function executions(
  input: Input,
  context: StepContext,
): Promise<{ own: Execution | undefined; underWay: Execution | undefined }> {
  const found: Execution[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const answer = await regionSwitch(
      "ListPlanExecutions",
      { planArn: input.plan, nextToken },
      there(input, context),
    );
    found.push(...(answer.items ?? []));
    const own = found.find(({ comment }) => comment === commentOf(context));
    ({ nextToken } = answer);
    if (own || !nextToken)
      return { own, underWay: found.find(({ executionState }) => !isOver(executionState)) };
  }
  return { own: undefined, underWay: found.find(({ executionState }) => !isOver(executionState)) };
}

const workflowOf = ({ workflows }: Plan, { action, region }: Input) =>
  workflows.find(
    ({ workflowTargetAction, workflowTargetRegion = region }) =>
      workflowTargetAction === action && workflowTargetRegion === region,
  );

const planOf = async (input: Input, context: StepContext): Promise<Plan> =>
  (await regionSwitch("GetPlanInRegion", { arn: input.plan }, there(input, context))).plan;

/** What the plan's own evaluation found; a plan that needs work is refused unless the plan's owner accepts that. */
async function evaluated(input: Input, context: StepContext): Promise<string[]> {
  const { evaluationState = "unknown", warnings = [] } = await regionSwitch(
    "GetPlanEvaluationStatus",
    { planArn: input.plan },
    there(input, context),
  );
  const said = warnings.map(
    ({ stepName, warningMessage }) => `${stepName ? `${stepName}: ` : ""}${warningMessage}`,
  );
  if (evaluationState === "actionRequired" && !input.acceptWarnings)
    throw refusal(
      `The Region switch plan ${input.plan} needs work: ${said.join("; ").slice(0, 500) || "see its evaluation"}. Nothing was changed. Correct the plan in ARC, or accept its warnings.`,
    );
  return [`its evaluation: ${evaluationState}`, ...said];
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input, context) {
    const plan = await planOf(input, context).catch((error: Error) => {
      if (error.name !== "ResourceNotFoundException") throw error;
      throw refusal(
        `There is no Region switch plan ${input.plan} in ${there(input, context).region}. Nothing was changed. Correct the plan.`,
      );
    });
    const workflow = workflowOf(plan, input);
    if (!workflow)
      throw refusal(
        `The Region switch plan ${plan.name} (${plan.regions.join(", ")}) has no workflow to ${input.action} ${input.region}. Nothing was changed. Correct the plan.`,
      );
    const { own, underWay } = await executions(input, context);
    if (underWay && underWay.executionId !== own?.executionId)
      throw refusal(
        `Execution ${underWay.executionId} of the Region switch plan ${plan.name} is under way (${underWay.executionState}): ${underWay.executionAction} ${underWay.executionRegion}. Nothing was changed. Let it come to its end, or cancel it.`,
      );
    const evaluation = await evaluated(input, context);
    const steps = workflow.steps ?? [];
    const asks = steps.filter(({ executionBlockType }) => executionBlockType === "ManualApproval");
    return {
      before: { version: plan.version ?? "", steps: steps.map(({ name }) => name) },
      after: { region: input.region, action: input.action },
      summary: `Region switch plan ${plan.name}: ${aim(input)}, ${steps.length} step${steps.length === 1 ? "" : "s"}, executed from ${there(input, context).region}`,
      evidence: [
        ...evaluation,
        ...steps.map(({ name, executionBlockType }) => `${name}: ${executionBlockType}`),
        ...(asks.length > 0
          ? [`it waits for a person in ARC itself, at ${asks.map(({ name }) => name).join(", ")}`]
          : []),
        "nothing takes it back by itself: that is another execution, when the Region that was left is well again",
      ],
    };
  },

  async apply(input, { before }, context) {
    const { own, underWay } = await executions(input, context);
    if (own) return { done: false, note: `execution ${own.executionId} is ${own.executionState}` };
    const changed = (what: string) =>
      new WatchdogError("ChangedSincePreflight", `${what}. Nothing was started. Find out who did that.`);
    if (underWay)
      throw changed(
        `Execution ${underWay.executionId} of the Region switch plan ${input.plan} is under way by now`,
      );
    const { version = "" } = await planOf(input, context);
    if (version !== before.version)
      throw changed(`The Region switch plan ${input.plan} has version ${version} and had ${before.version}`);
    try {
      const { executionId } = await regionSwitch(
        "StartPlanExecution",
        {
          planArn: input.plan,
          targetRegion: input.region,
          action: input.action,
          mode: input.mode,
          comment: commentOf(context),
          clientToken: `watchdog-${digest(commentOf(context), 24)}`,
          latestVersion: "true",
        },
        there(input, context),
      );
      return { done: false, note: `execution ${executionId} was started: ${aim(input)}` };
    } catch (error) {
      if ((error as Error).name !== "IllegalStateException") throw error;
      // Between looking and starting: this step's own lost call, or somebody else's.
      const now = await executions(input, context);
      if (!now.own)
        throw changed(
          `The Region switch plan ${input.plan} could not be started: ${(error as Error).message}`,
        );
      return { done: false, note: `execution ${now.own.executionId} is ${now.own.executionState}` };
    }
  },

  async poll(input, _change, { phase, ...context }) {
    const { own } = await executions(input, context);
    if (!own)
      return phase === "revert"
        ? { done: true, note: "no execution was started" }
        : { done: false, note: "the execution is not listed yet" };
    const execution = await regionSwitch(
      "GetPlanExecution",
      { planArn: input.plan, executionId: own.executionId },
      there(input, context),
    );
    return { ...judged(execution, phase), outputs: { executionId: own.executionId } };
  },

  async revert(input, _change, context) {
    const { own } = await executions(input, context);
    if (!own) return { done: true, note: "no execution was started" };
    if (isOver(own.executionState)) {
      const execution = await regionSwitch(
        "GetPlanExecution",
        { planArn: input.plan, executionId: own.executionId },
        there(input, context),
      );
      return judged(execution, "revert");
    }
    await regionSwitch(
      "CancelPlanExecution",
      { planArn: input.plan, executionId: own.executionId, comment: commentOf(context) },
      there(input, context),
    );
    return { done: false, note: `execution ${own.executionId} is cancelled` };
  },
};

export const handler = serveAction(arcRegionSwitch, verbs);
