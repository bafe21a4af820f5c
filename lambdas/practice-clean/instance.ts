import { type DBInstance, DeleteDBInstanceCommand } from "@aws-sdk/client-rds";
import type { LeftOver, RunContext } from "../runtime/protocol.ts";
import { findInstance } from "../runtime/rds/instances.ts";
import { deleted } from "./deleter.ts";
import { usdPerDay } from "./price.ts";
import { whyNot } from "./why-not.ts";

/** An instance as `whyNot` judges it. */
export const candidate = (instance: DBInstance) => ({
  name: instance.DBInstanceIdentifier,
  status: instance.DBInstanceStatus,
  made: instance.InstanceCreateTime,
  TagList: instance.TagList,
});

/** Deletes a throw-away instance, unless it is not one; what is left of it. */
export async function instanceCleaned(run: RunContext, base: string, name: string): Promise<LeftOver[]> {
  const found = await findInstance(name);
  if (!found) return [];
  const why =
    found.DBInstanceStatus === "deleting"
      ? `${name} is being deleted`
      : (whyNot(candidate(found), run, base) ??
        (await deleted(run, name, found.DBInstanceStatus, (client) =>
          client.send(
            new DeleteDBInstanceCommand({
              DBInstanceIdentifier: name,
              SkipFinalSnapshot: true,
              DeleteAutomatedBackups: true,
            }),
          ),
        )));
  return why === undefined ? [] : [{ arn: found.DBInstanceArn ?? name, why, usdPerDay: usdPerDay(found) }];
}
