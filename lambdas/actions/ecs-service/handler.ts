import { StopServiceDeploymentCommand, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import type * as z from "zod";
import { refusal, WatchdogError } from "../../runtime/errors.ts";
import { type StepContext, serveAction, type Verbs } from "../../runtime/serve-action.ts";
import { containerOf, definitionAt, mustPass, ownDefinition, register } from "./definition.ts";
import { checkImage, imagesOf } from "./image.ts";
import { type Previous, previousOf } from "./previous.ts";
import { ecs, type Found, find, progressOf, short, steady } from "./service.ts";
import { ecsService } from "./spec.ts";

type Input = z.output<typeof ecsService.input>;
type Before = z.output<typeof ecsService.before>;

const familyOf = ({ family, service }: Input) => family ?? service;

/** The task definition to go to; undefined when this step has not registered it yet. */
const targetOf = async (input: Input, before: Before, context: StepContext): Promise<string | undefined> =>
  before.target ?? (await ownDefinition(familyOf(input), context));

/** Nobody but this run may have changed what the service runs. */
function mustRun(found: Found, allowed: (string | undefined)[]): void {
  if (allowed.includes(found.taskDefinition)) return;
  throw new WatchdogError(
    "ChangedSincePreflight",
    `Service ${found.service.serviceName} runs ${short(found.taskDefinition)}, and this run knows ${[...new Set(allowed.flatMap((each) => (each ? short(each) : [])))].join(" and ")} only. It was left alone. Find out who deployed it.`,
  );
}

/** Whether the service is what it should be, apart from how far that is. */
const isAt = (found: Found, target: string, tasks: number | null) =>
  found.taskDefinition === target && (tasks === null || found.desiredCount === tasks);

async function update(input: Input, taskDefinition: string, tasks: number | null): Promise<void> {
  const { cluster, service } = input;
  await ecs().send(
    new UpdateServiceCommand({
      cluster,
      service,
      taskDefinition,
      ...(tasks === null ? {} : { desiredCount: tasks }),
    }),
  );
}

/** Lets ECS take its own deployment back. False when there is nothing to stop any more. */
async function stopped(serviceDeploymentArn: string): Promise<boolean> {
  try {
    await ecs().send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: "ROLLBACK" }));
    return true;
  } catch (error) {
    if (["ConflictException", "ServiceDeploymentNotFoundException"].includes((error as Error).name))
      return false;
    throw error;
  }
}

export const verbs: Verbs<Input, Before> = {
  async preflight(input, { run }) {
    const found = await find(input);
    const { taskDefinition, desiredCount } = found;
    const tasks = input.tasks === "as-before" ? desiredCount : (input.tasks ?? null);
    if (tasks !== null && found.service.schedulingStrategy === "DAEMON")
      throw refusal(
        `Service ${input.service} runs one task on each of its instances (DAEMON), and has no count. Nothing was changed. Take \`tasks\` out of the plan.`,
      );
    let previous: Previous = { taskDefinition, evidence: [], stops: null };
    let image: string | null = null;
    let container: string | null = null;
    if (input.image) {
      const definition = await definitionAt(taskDefinition);
      mustPass(definition, input.passRoles);
      const running = containerOf(definition, input.container);
      if (running.image !== input.image) [image, container] = [input.image, running.name!];
    } else if (input.to === "previous") previous = await previousOf(input, run.deployment);
    else if (input.to !== "current")
      previous.taskDefinition = (await definitionAt(input.to)).taskDefinitionArn!;
    const target = image ? null : previous.taskDefinition;
    const goes = image !== null || target !== taskDefinition;
    if (goes && desiredCount === 0 && tasks === null)
      throw refusal(
        `Service ${input.service} should run no task at all, so nothing would show whether the other code works. Nothing was changed. Give \`tasks\` in the plan.`,
      );
    const evidence = [...previous.evidence];
    if (goes) {
      const definition = await definitionAt(target ?? taskDefinition);
      const images = image ? [image] : imagesOf(definition.containerDefinitions ?? [], input);
      for (const each of images) evidence.push(await checkImage(each, input.repository));
    }
    const to = image ?? short(target!);
    const count = tasks === null || tasks === desiredCount ? "" : `, ${desiredCount} → ${tasks} tasks`;
    return {
      before: {
        taskDefinition,
        desiredCount,
        target,
        image,
        container,
        tasks,
        stops: goes && tasks === null ? previous.stops : null,
      },
      after: { taskDefinition: to, tasks: tasks ?? desiredCount },
      summary: `service ${input.service}: ${goes ? `${short(taskDefinition)} → ${to}` : `${short(taskDefinition)} as it is`}${count}`,
      evidence,
      ...(target ? { expects: { taskDefinition: target } } : {}),
      ...(goes ? { keeps: [`the task definition ${short(taskDefinition)}`] } : {}),
    };
  },

  async apply(input, { before }, context) {
    const found = await find(input);
    const known = await targetOf(input, before, context);
    mustRun(found, [before.taskDefinition, known]);
    const target =
      known ?? (await register({ ...before, container: before.container!, image: before.image! }, context));
    const answer = { done: false, note: `${input.service} goes to ${short(target)}`, progress: { target } };
    if (isAt(found, target, before.tasks)) return { ...answer, note: progressOf(found) };
    if (before.stops && (await stopped(before.stops))) return answer;
    await update(input, target, before.tasks);
    return answer;
  },

  async poll(input, { before }, context) {
    const found = await find(input);
    const back = context.phase === "revert";
    const carried = (context.progress as { target?: string } | undefined)?.target;
    const target = back ? before.taskDefinition : (carried ?? (await targetOf(input, before, context)));
    const { primary, taskDefinition } = found;
    // ECS was asked to take its own deployment back, and has not begun to.
    if (!back && before.stops && taskDefinition === before.taskDefinition)
      return { done: false, note: progressOf(found) };
    if (primary.rolloutState === "FAILED" || (target !== undefined && taskDefinition !== target))
      throw new WatchdogError(
        "WorkFailed",
        `Service ${input.service} did not get to ${short(target ?? before.taskDefinition)}: ${primary.rolloutStateReason ?? "its deployment failed"} It runs ${short(taskDefinition)} with ${found.service.runningCount ?? 0} of ${found.desiredCount} tasks. Look at its stopped tasks and at the events of the service.`,
      );
    return {
      done: steady(found),
      note: progressOf(found),
      outputs: { taskDefinition },
      ...(carried ? { progress: { target: carried } } : {}),
    };
  },

  async revert(input, { before }, context) {
    const found = await find(input);
    const tasks = before.tasks === null ? null : before.desiredCount;
    mustRun(found, [before.taskDefinition, await targetOf(input, before, context)]);
    if (!isAt(found, before.taskDefinition, tasks)) await update(input, before.taskDefinition, tasks);
    return { done: false, note: `${input.service} goes back to ${short(before.taskDefinition)}` };
  },
};

export const handler = serveAction(ecsService, verbs);
