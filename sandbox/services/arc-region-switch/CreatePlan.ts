import { operation, ServiceException } from "../../service.ts";
import { notImplemented, randomId, type World } from "../../world.ts";
import { planArn, regionSwitch } from "./state.ts";
import type { Plan } from "./types.ts";

/** Blocks that are really carried out here. */
const BLOCKS = ["ManualApproval", "ARCRoutingControl"];

const ID = "abcdefghijklmnopqrstuvwxyz0123456789";

type Input = Omit<Plan, "arn" | "owner" | "version" | "updatedAt">;

/** Puts a plan there; with an id that is written somewhere already, where one is given. */
export function makePlan(world: World, input: Input, id = randomId(6, ID)): Plan {
  const plan: Plan = {
    ...input,
    arn: planArn(world, input.name, id),
    owner: world.account,
    version: "1",
    updatedAt: new Date(world.clock.now()),
  };
  regionSwitch(world).plans.set(plan.arn, plan);
  return plan;
}

/** Makes a plan; one with a block that the sandbox cannot carry out is refused. */
export const CreatePlan = operation<Input & { clientToken?: string }, { plan: Plan }>({
  authorize: (input, { world }) => [
    { action: "arc-region-switch:CreatePlan", resources: [planArn(world, input.name, "*")] },
    {
      action: "iam:PassRole",
      resources: [input.executionRole],
      context: { "iam:PassedToService": "arc-region-switch.amazonaws.com" },
    },
  ],
  run: ({ clientToken: _, ...input }, { world }) => {
    if (!input.name || !input.executionRole || !input.workflows?.length || !input.regions?.length)
      throw new ServiceException(
        "ValidationException",
        "name, executionRole, workflows and regions are required",
      );
    for (const { executionBlockType } of input.workflows.flatMap(({ steps = [] }) => steps))
      if (!BLOCKS.includes(executionBlockType))
        throw notImplemented("arc-region-switch", `the execution block ${executionBlockType}`);
    return { plan: makePlan(world, input) };
  },
});
