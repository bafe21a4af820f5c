import { functionPool } from "../../engines/functions/index.ts";
import type { World } from "../../world.ts";
import { lambdaState } from "./state.ts";

/** Ends idle processes of code and configuration that nobody can invoke any more. */
export function retireOutdated(world: World): void {
  const current = new Set<string>();
  for (const { arn, latest, versions } of lambdaState(world).functions.values())
    for (const each of [latest, ...versions.values()])
      current.add(`${arn}:${each.version}:${each.revisionId}`);
  functionPool(world).retire((revision) => current.has(revision));
}
