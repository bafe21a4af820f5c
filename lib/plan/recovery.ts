import type { Plan } from "./schema.ts";

/** How many of a plan's stages are the rollback itself; the others wait for a watch that held, and come last. */
export const rollbackStages = ({ stages }: Pick<Plan, "stages">): number => {
  const first = stages.findIndex(({ after }) => after !== undefined);
  return first < 0 ? stages.length : first;
};
