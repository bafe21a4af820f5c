import {
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  type Tag,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import { refusal } from "../../runtime/errors.ts";
import type { StepContext } from "../../runtime/serve-action.ts";
import { runTags } from "../../runtime/tokens.ts";
import { ecs, short } from "./service.ts";

/** What describing adds to what was registered. */
const ADDED = [
  "taskDefinitionArn",
  "revision",
  "status",
  "requiresAttributes",
  "compatibilities",
  "registeredAt",
  "registeredBy",
  "deregisteredAt",
] as const satisfies (keyof TaskDefinition)[];

/** Newest revisions among which a step looks for its own. */
const NEWEST = 10;

/** A task definition that exists, and may be run. */
export async function definitionAt(reference: string): Promise<TaskDefinition> {
  const found = await described(reference).catch((error: Error) => {
    if (error.name !== "ClientException") throw error;
    throw refusal(
      `There is no task definition ${short(reference)}. Nothing was changed. Name one that exists.`,
    );
  });
  if (found.definition.status !== "ACTIVE")
    throw refusal(
      `The task definition ${short(reference)} is ${found.definition.status}, and ECS runs only active ones. Nothing was changed. Name another; where Terraform takes the one that it replaces out of use, set skip_destroy on aws_ecs_task_definition, or give \`image\` in the plan instead.`,
    );
  return found.definition;
}

async function described(taskDefinition: string): Promise<{ definition: TaskDefinition; tags: Tag[] }> {
  const answer = await ecs().send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ["TAGS"] }));
  return { definition: answer.taskDefinition!, tags: answer.tags ?? [] };
}

/** The container that gets another image: the one named, or the only essential one. Refused when that is not clear. */
export function containerOf(definition: TaskDefinition, name: string | undefined) {
  const all = definition.containerDefinitions ?? [];
  const essential = all.filter((each) => each.essential !== false);
  const found =
    name === undefined
      ? essential.length === 1
        ? essential[0]
        : undefined
      : all.find((each) => each.name === name);
  if (!found)
    throw refusal(
      `${short(definition.taskDefinitionArn!)} has ${name === undefined ? `${essential.length} essential containers` : `no container ${name}`}. Nothing was changed. Name one of ${all.map((each) => each.name).join(", ")} in the plan.`,
    );
  return found;
}

/** Refuses a definition with a role that this step may not hand over: registering another like it would fail. Pure. */
export function mustPass(
  { taskDefinitionArn = "", taskRoleArn, executionRoleArn }: TaskDefinition,
  passRoles: string[],
): void {
  const missing = [taskRoleArn, executionRoleArn].filter((role) => role && !passRoles.includes(role));
  if (missing.length > 0)
    throw refusal(
      `${short(taskDefinitionArn)} names ${[...new Set(missing)].join(" and ")}, which registering a revision of it hands over, and the plan's passRoles do not allow that. Nothing was changed. Add it to passRoles.`,
    );
}

/** Everything of a definition as registering takes it, with another image in one container. Pure. */
export function withImage(
  definition: TaskDefinition,
  container: string,
  image: string,
): RegisterTaskDefinitionCommandInput {
  const settings = Object.fromEntries(
    Object.entries(definition).filter(([key]) => !(ADDED as readonly string[]).includes(key)),
  ) as TaskDefinition;
  return {
    ...settings,
    family: definition.family!,
    containerDefinitions: definition.containerDefinitions!.map((each) =>
      each.name === container ? { ...each, image } : each,
    ),
  };
}

const tagsOf = ({ run, step }: Pick<StepContext, "run" | "step">) =>
  runTags(run, step.id).map(({ Key, Value }) => ({ key: Key, value: Value }));

/** The revision that this step registered, found by its tags; undefined when it did not yet. */
export async function ownDefinition(
  family: string,
  context: Pick<StepContext, "run" | "step">,
): Promise<string | undefined> {
  const { taskDefinitionArns = [] } = await ecs().send(
    new ListTaskDefinitionsCommand({ familyPrefix: family, sort: "DESC", maxResults: NEWEST }),
  );
  for (const arn of taskDefinitionArns) {
    const { tags } = await described(arn);
    const mine = tagsOf(context).every(({ key, value }) =>
      tags.some((each) => each.key === key && each.value === value),
    );
    if (mine) return arn;
  }
  return undefined;
}

/** Registers the running definition with another image, unless this step did so already. */
export async function register(
  before: { taskDefinition: string; container: string; image: string },
  context: Pick<StepContext, "run" | "step">,
): Promise<string> {
  const { definition, tags } = await described(before.taskDefinition);
  const made = await ownDefinition(definition.family!, context);
  if (made) return made;
  const own = new Set(tagsOf(context).map(({ key }) => key));
  const answer = await ecs().send(
    new RegisterTaskDefinitionCommand({
      ...withImage(definition, before.container, before.image),
      tags: [
        ...tags.filter(({ key }) => !own.has(key ?? "") && !key?.startsWith("aws:")),
        ...tagsOf(context),
      ],
    }),
  );
  return answer.taskDefinition!.taskDefinitionArn!;
}
