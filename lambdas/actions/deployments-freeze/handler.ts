import {
  CodePipelineClient,
  DisableStageTransitionCommand,
  EnableStageTransitionCommand,
  GetPipelineStateCommand,
} from "@aws-sdk/client-codepipeline";
import type * as z from "zod";
import { clientSettings, once } from "../../runtime/clients.ts";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import type { RunContext } from "../../runtime/protocol.ts";
import { serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { deploymentsFreeze } from "./spec.ts";

const pipelines = once(() => new CodePipelineClient(clientSettings));
type Input = z.output<typeof deploymentsFreeze.input>;
type Before = z.output<typeof deploymentsFreeze.before>;

/** What CodePipeline shows beside the closed transition; it takes few characters, and 300 of them. Pure. */
export const reasonOf = ({ id, service }: Pick<RunContext, "id" | "service">): string =>
  `Rollback of ${service} by run ${id}`.replace(/[^A-Za-z0-9!@ ().*?-]/g, "-").slice(0, 300);

const transition = ({ pipeline, stage }: Input) => ({
  pipelineName: pipeline,
  stageName: stage,
  transitionType: "Inbound" as const,
});

async function read({ pipeline, stage }: Input): Promise<Before> {
  const { stageStates = [] } = await pipelines()
    .send(new GetPipelineStateCommand({ name: pipeline }))
    .catch((error: Error) => {
      if (error.name !== "PipelineNotFoundException") throw error;
      throw refusal(`There is no pipeline ${pipeline}. Nothing was changed. Correct the plan.`);
    });
  const found = stageStates.find(({ stageName }) => stageName === stage);
  if (!found)
    throw refusal(
      `The pipeline ${pipeline} has no stage ${stage}; it has ${stageStates.map(({ stageName }) => stageName).join(", ")}. Nothing was changed. Correct the plan.`,
    );
  const { enabled = true, disabledReason } = found.inboundTransitionState ?? {};
  return { enabled, reason: enabled ? null : (disabledReason ?? "") };
}

const inWords = ({ pipeline, stage }: Input, { enabled, reason }: Before) =>
  `stage ${stage} of ${pipeline} is ${enabled ? "open" : `closed: ${reason}`}`;

/** The state, which must be what this run found or made. */
async function known(input: Input, before: Before, run: RunContext): Promise<Before & { mine: boolean }> {
  const now = await read(input);
  const mine = !now.enabled && now.reason === reasonOf(run);
  if (mine || (now.enabled === before.enabled && now.reason === before.reason)) return { ...now, mine };
  throw new WatchdogError(
    "ChangedSincePreflight",
    `${inWords(input, now)}. When the run began it was ${before.enabled ? "open" : `closed: ${before.reason}`}. It was left alone. Find out who changed it.`,
  );
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input) {
    const before = await read(input);
    return {
      before,
      after: { enabled: false },
      summary: before.enabled
        ? `nothing new enters stage ${input.stage} of ${input.pipeline}`
        : `${inWords(input, before)}; it stays so`,
      expects: { stage: input.stage },
    };
  },
  async apply(input, { before }, { run }) {
    const now = await known(input, before, run);
    if (now.enabled)
      await pipelines().send(
        new DisableStageTransitionCommand({ ...transition(input), reason: reasonOf(run) }),
      );
    return {
      done: true,
      note: `nothing new enters stage ${input.stage} of ${input.pipeline}`,
      outputs: { stage: input.stage },
    };
  },
  async revert(input, { before }, { run }) {
    const now = await known(input, before, run);
    // What somebody else had closed stays closed.
    if (now.mine && before.enabled)
      await pipelines().send(new EnableStageTransitionCommand(transition(input)));
    return { done: true, note: `stage ${input.stage} of ${input.pipeline} is as it was` };
  },
  async poll(input, { before }, { phase }) {
    const now = await read(input);
    return {
      done: now.enabled === (phase === "apply" ? false : before.enabled),
      note: inWords(input, now),
      outputs: { stage: input.stage },
    };
  },
};

export const handler = serveAction(deploymentsFreeze, verbs);
