import {
  BatchGetBuildsCommand,
  BatchGetProjectsCommand,
  type Build,
  CodeBuildClient,
  ListBuildsForProjectCommand,
  StartBuildCommand,
} from "@aws-sdk/client-codebuild";
import type * as z from "zod";
import { clientSettings, once } from "../../runtime/clients.ts";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { type StepContext, serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { digest } from "../../runtime/tokens.ts";
import { codebuildRun } from "./spec.ts";

const codebuild = once(() => new CodeBuildClient(clientSettings));
type Input = z.output<typeof codebuildRun.input>;
type Before = z.output<typeof codebuildRun.before>;
type Phase = "apply" | "revert";

/** The variable by which a build is found again: a token of CodeBuild is forgotten after five minutes. */
const OWN = "WATCHDOG_BUILD";
/** Newest builds among which a step looks for its own. */
const NEWEST = 50;

const tokenOf = ({ run, step }: Pick<StepContext, "run" | "step">, phase: Phase) =>
  `watchdog-${digest(`${run.id}/${step.id}/${phase}`, 24)}`;

/** What a phase runs; revert runs nothing where the plan gives it no project. */
const workOf = (input: Input, phase: Phase) =>
  phase === "apply" ? { project: input.project, environment: input.environment } : input.revert;

/** The build that a phase of this step started; undefined when it has not yet. */
async function ownBuild(input: Input, context: StepContext, phase: Phase): Promise<Build | undefined> {
  const projectName = workOf(input, phase)?.project;
  if (!projectName) return undefined;
  const { ids = [] } = await codebuild().send(
    new ListBuildsForProjectCommand({ projectName, sortOrder: "DESCENDING" }),
  );
  if (ids.length === 0) return undefined;
  const { builds = [] } = await codebuild().send(new BatchGetBuildsCommand({ ids: ids.slice(0, NEWEST) }));
  return builds.find(({ environment }) =>
    environment?.environmentVariables?.some(
      ({ name, value }) => name === OWN && value === tokenOf(context, phase),
    ),
  );
}

async function start(input: Input, context: StepContext, phase: Phase): Promise<Build> {
  const begun = await ownBuild(input, context, phase);
  if (begun) return begun;
  const { project, environment } = workOf(input, phase)!;
  const idempotencyToken = tokenOf(context, phase);
  const { build } = await codebuild().send(
    new StartBuildCommand({
      projectName: project,
      idempotencyToken,
      environmentVariablesOverride: Object.entries({ ...environment, [OWN]: idempotencyToken }).map(
        ([name, value]) => ({ name, value, type: "PLAINTEXT" as const }),
      ),
    }),
  );
  return build!;
}

const going = ({ buildStatus }: Build) => buildStatus === "IN_PROGRESS";
const inWords = ({ id, buildStatus, currentPhase }: Build) =>
  `build ${id} ${buildStatus === "IN_PROGRESS" ? `is at ${currentPhase}` : (buildStatus ?? "").toLowerCase()}`;

/** A build that ended any other way than well. */
function mustHaveSucceeded(build: Build, left: string): void {
  if (build.buildStatus === "SUCCEEDED") return;
  const why = build.phases
    ?.flatMap(({ contexts = [] }) => contexts.map(({ message }) => message))
    .find(Boolean);
  throw new WatchdogError(
    "WorkFailed",
    `Build ${build.id} ended ${build.buildStatus}${why ? `: ${why.slice(0, 300)}` : ""}. ${left} Read its log: ${build.logs?.groupName ?? "none"} ${build.logs?.streamName ?? ""}.`,
  );
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input) {
    const names = [input.project, ...(input.revert ? [input.revert.project] : [])];
    const { projects = [], projectsNotFound = [] } = await codebuild().send(
      new BatchGetProjectsCommand({ names: [...new Set(names)] }),
    );
    if (projectsNotFound.length > 0)
      throw refusal(
        `There is no CodeBuild project ${projectsNotFound.join(", ")}. Nothing was changed. Correct the plan.`,
      );
    const arn = (name: string) => projects.find((each) => each.name === name)!.arn!;
    const given = Object.entries(input.environment).map(([name, value]) => `${name}=${value}`);
    return {
      before: { project: arn(input.project), revert: input.revert ? arn(input.revert.project) : null },
      after: { project: input.project },
      summary: `CodeBuild runs ${input.project}${given.length > 0 ? ` with ${given.join(", ").slice(0, 200)}` : ""}`,
      evidence: [input.revert ? `undone by ${input.revert.project}` : "cannot be undone"],
    };
  },

  async apply(input, _change, context) {
    const build = await start(input, context, "apply");
    return { done: false, note: inWords(build) };
  },

  async poll(input, _change, context) {
    const applied = await ownBuild(input, context, "apply");
    if (context.phase === "apply") {
      if (!applied) return { done: false, note: `no build of ${input.project} yet` };
      if (going(applied)) return { done: false, note: inWords(applied) };
      mustHaveSucceeded(applied, "What it did before that stands.");
      return { done: true, note: inWords(applied), outputs: { build: applied.id! } };
    }
    if (!applied || !input.revert) return { done: true, note: "there is nothing to undo" };
    if (going(applied))
      return { done: false, note: `waits for the end of what is undone: ${inWords(applied)}` };
    const undone = await ownBuild(input, context, "revert");
    // A build half done is undone as well, and only when it has ended.
    if (!undone) return { done: false, note: "what was done can be undone now", again: true };
    if (going(undone)) return { done: false, note: inWords(undone) };
    mustHaveSucceeded(undone, `What ${input.project} did is not undone.`);
    return { done: true, note: inWords(undone) };
  },

  async revert(input, _change, context) {
    const applied = await ownBuild(input, context, "apply");
    if (!applied) return { done: true, note: "no build was started" };
    if (!input.revert)
      throw new WatchdogError(
        "WorkFailed",
        `The plan names no project that undoes ${input.project}; ${inWords(applied)}. It was left as it is. Undo it by hand where that is needed.`,
      );
    if (going(applied))
      return { done: false, note: `waits for the end of what is undone: ${inWords(applied)}` };
    return { done: false, note: inWords(await start(input, context, "revert")) };
  },
};

export const handler = serveAction(codebuildRun, verbs);
